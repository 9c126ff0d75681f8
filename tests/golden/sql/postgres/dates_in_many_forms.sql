-- Dates, times and instants as people write them, and as they are read
-- oracle: postgres
-- chapter: types

SELECT 'Jan 5, 2024'::date AS a, '5 Jan 2024'::date AS b, '20240105'::date AS c, 'January 5 2024'::date AS d, '2024.005'::date AS e, 'J2460311'::date AS f;
--> a | b | c | d | e | f
--> 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-01

SELECT '1/8/1999'::date AS month_first, '1999 Jan 8'::date AS b, '08-Jan-99'::date AS c, '2024_01_05'::date AS d, '2024/01/05'::date AS e, 'Fri 5 Jan 2024'::date AS f, '05-01-2024'::date AS g;
--> month_first | b | c | d | e | f | g
--> 1999-01-08 | 1999-01-08 | 1999-01-08 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-05-01
--~! 22007: invalid input syntax for type date: "2024_01_05"

SELECT '24/01/2024'::date;
--! 22008: date/time field value out of range: "24/01/2024"

SELECT '2024-01-05 BC'::date AS bc, '0044-03-15 BC'::date AS ides, '2024-01-05T10:00:00Z'::date AS cut, '240105'::date AS short, '1/2/03'::date AS shorter, '2024-001'::date AS day_of_year;
--> bc | ides | cut | short | shorter | day_of_year
--> 2024-01-05 BC | 0044-03-15 BC | 2024-01-05 | 2024-01-05 | 2003-01-02 | 2024-01-01

SELECT '99-Jan-08'::date;
--! 22008: date/time field value out of range: "99-Jan-08"

SELECT '49-01-05'::date;
--! 22008: date/time field value out of range: "49-01-05"

SELECT '2024-02-30'::date;
--! 22008: date/time field value out of range: "2024-02-30"

SELECT '2024'::date;
--! 22007: invalid input syntax for type date: "2024"

SELECT '10:00 PM'::time AS pm, '22:05'::time AS short, '040506'::time AS run_together, '04:05:06.789-8'::time AS zone_is_dropped, 'allballs'::time AS midnight, '24:00:00'::time AS end_of_day, '10:00:60'::time AS leap;
--> pm | short | run_together | zone_is_dropped | midnight | end_of_day | leap
--> 22:00:00 | 22:05:00 | 04:05:06 | 04:05:06.789 | 00:00:00 | 24:00:00 | 10:01:00

SELECT '25:00'::time;
--! 22008: date/time field value out of range: "25:00"

SELECT '2024-01-05 10:00 PM'::timestamp AS pm, '2024-01-05 at 10:00'::timestamp AS at, '20240105T101112'::timestamp AS iso, '2024-01-05 24:00'::timestamp AS next_day, '20240105 1011'::timestamp AS short;
--> pm | at | iso | next_day | short
--> 2024-01-05 22:00:00 | 2024-01-05 10:00:00 | 2024-01-05 10:11:12 | 2024-01-06 00:00:00 | 2024-01-05 10:11:00

SELECT '2024-01-05 10'::timestamp;
--! 22007: invalid input syntax for type timestamp: "2024-01-05 10"

SELECT '10:00 2024-01-05'::timestamp;
--! 22007: invalid input syntax for type timestamp: "10:00 2024-01-05"
--~> timestamp
--~> 2024-01-05 10:00:00

SELECT 'Jan 5 10:00:00 2024 PST'::timestamptz AS letters, '2024-01-05 10:00:00+05:30'::timestamptz AS minutes, '2024-01-05 10:00 America/New_York'::timestamptz AS named, '2024-01-05 10:00z'::timestamptz AS zulu;
--> letters | minutes | named | zulu
--> 2024-01-05 18:00:00+00 | 2024-01-05 04:30:00+00 | 2024-01-05 15:00:00+00 | 2024-01-05 10:00:00+00

SELECT '2024-01-05 10:00:00.1234567'::timestamp AS rounded, '2024-01-05 23:59:59.9999999'::timestamp AS carried;
--> rounded | carried
--> 2024-01-05 10:00:00.123457 | 2024-01-06 00:00:00

SELECT '2024-01-05 10:00:00,5'::timestamp;
--! 22007: invalid input syntax for type timestamp: "2024-01-05 10:00:00,5"

SELECT '2024-01-05 10:00:00.5'::timestamp AS point, ' 2024-01-05 '::date AS spaces, '2024-1-5 1:2:3'::timestamp AS short, 'MAY 5 2024'::date AS upper, 'may 5 2024'::date AS lower, 'Sept 5 2024'::date AS sept;
--> point | spaces | short | upper | lower | sept
--> 2024-01-05 10:00:00.5 | 2024-01-05 | 2024-01-05 01:02:03 | 2024-05-05 | 2024-05-05 | 2024-09-05

SELECT 'Foo 5 2024'::date;
--! 22007: invalid input syntax for type date: "Foo 5 2024"

SELECT '2024-01-05 10:00 Mars/Base'::timestamptz;
--! 22023: time zone "mars/base" not recognized
--~! 22007: invalid input syntax for type timestamp with time zone: "2024-01-05 10:00 Mars/Base"

SELECT ''::date;
--! 22007: invalid input syntax for type date: ""

SELECT '2024-01-05x'::date;
--! 22007: invalid input syntax for type date: "2024-01-05x"

SELECT 'Monday 2024-01-05'::date;
--! 22007: invalid input syntax for type date: "Monday 2024-01-05"
--~> date
--~> 2024-01-05

SELECT '+2024-01-05'::date;
--! 22009: time zone displacement out of range: "+2024-01-05"
--~! 22007: invalid input syntax for type date: "+2024-01-05"
