-- Timestamps, with and without zone
-- oracle: postgres
-- chapter: types

SELECT '2004-10-19 10:23:54+02'::timestamp AS zone_ignored, '2004-10-19 10:23:54+02'::timestamptz AS zone_used;
--> zone_ignored | zone_used
--> 2004-10-19 10:23:54 | 2004-10-19 08:23:54+00

SELECT '2004-10-19T10:23:54Z'::timestamptz AS t, '2004-10-19 10:23:54 America/New_York'::timestamptz AS named, '2004-10-19 10:23:54 PST'::timestamptz AS abbreviated;
--> t | named | abbreviated
--> 2004-10-19 10:23:54+00 | 2004-10-19 14:23:54+00 | 2004-10-19 18:23:54+00

SELECT '2024-01-01 10:20:30.1234567'::timestamp AS six_digits, '2024-01-01 10:20:30.5'::timestamp(0) AS rounded, '2024-01-01'::timestamp AS midnight;
--> six_digits | rounded | midnight
--> 2024-01-01 10:20:30.123457 | 2024-01-01 10:20:31 | 2024-01-01 00:00:00

SELECT 'infinity'::timestamp AS i, '-infinity'::timestamptz AS m, 'epoch'::timestamp AS e;
--> i | m | e
--> infinity | -infinity | 1970-01-01 00:00:00

SELECT '2024-01-01 25:00'::timestamp;
--! 22008: date/time field value out of range: "2024-01-01 25:00"

SELECT '2024-01-01 10:61'::timestamp;
--! 22008: date/time field value out of range: "2024-01-01 10:61"

SELECT '2024-01-01 24:00'::timestamp AS next_day, '2024-01-01 23:59:60'::timestamp AS leap;
--> next_day | leap
--> 2024-01-02 00:00:00 | 2024-01-02 00:00:00

SELECT '294277-01-01'::timestamp;
--! 22008: timestamp out of range: "294277-01-01"

SELECT '2024-01-01 10:00 Nowhere/City'::timestamptz;
--! 22023: time zone "nowhere/city" not recognized
--~! 22007: invalid input syntax for type timestamp with time zone: "2024-01-01 10:00 Nowhere/City"

SELECT timestamp '2024-07-01 12:00' AT TIME ZONE 'Europe/Berlin' AS instant, timestamptz '2024-07-01 12:00Z' AT TIME ZONE 'Europe/Berlin' AS local;
--> instant | local
--> 2024-07-01 10:00:00+00 | 2024-07-01 14:00:00

SELECT timestamp '2024-01-01' < timestamptz '2024-01-01 00:00:01Z' AS compared, timestamp '2024-01-01' = date '2024-01-01' AS with_date;
--> compared | with_date
--> t | t

SELECT timestamptz '2024-03-10 01:30 America/New_York' + interval '1 hour' AS dst, timestamp '2024-01-31' - timestamp '2024-01-01 12:00' AS difference;
--> dst | difference
--> 2024-03-10 07:30:00+00 | 29 days 12:00:00
