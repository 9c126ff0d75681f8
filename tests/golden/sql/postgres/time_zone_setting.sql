-- SET TIME ZONE says how instants are shown
-- oracle: postgres
-- chapter: types

SET TIME ZONE 'America/New_York';

SHOW TimeZone;
--> TimeZone
--> America/New_York

SELECT (timestamptz '2024-07-01 12:00Z')::text AS summer, (timestamptz '2024-01-01 12:00Z')::text AS winter;
--> summer | winter
--> 2024-07-01 08:00:00-04 | 2024-01-01 07:00:00-05

SELECT timestamptz '2024-07-01 12:00' AT TIME ZONE 'UTC' AS utc, timestamptz '2024-07-01 12:00'::date AS d;
--> utc | d
--> 2024-07-01 16:00:00 | 2024-07-01

SELECT '2024-03-10 02:30'::timestamptz::text AS skipped, '2024-11-03 01:30'::timestamptz::text AS twice;
--> skipped | twice
--> 2024-03-10 03:30:00-04 | 2024-11-03 01:30:00-05

SELECT (timestamptz '2024-03-09 12:00' + interval '1 day')::text AS day, (timestamptz '2024-03-09 12:00' + interval '24 hours')::text AS hours;
--> day | hours
--> 2024-03-10 12:00:00-04 | 2024-03-10 13:00:00-04

SELECT date_trunc('day', timestamptz '2024-07-01 02:00Z')::text AS local_day, date_trunc('day', timestamptz '2024-07-01 02:00Z', 'UTC')::text AS utc_day;
--> local_day | utc_day
--> 2024-06-30 00:00:00-04 | 2024-06-30 20:00:00-04

SELECT extract(hour FROM timestamptz '2024-07-01 12:00Z') AS hour, extract(timezone FROM timestamptz '2024-07-01 12:00Z') AS offset;
--> hour | offset
--> 8 | -14400

SET TIME ZONE 'Nowhere/City';
--! 22023: invalid value for parameter "TimeZone": "Nowhere/City"

SET TIME ZONE INTERVAL '+02:00' HOUR TO MINUTE;

SELECT (timestamptz '2024-07-01 12:00Z')::text AS two_hours_east;
--> two_hours_east
--> 2024-07-01 14:00:00+02

SET TIME ZONE '+3';

SELECT (timestamptz '2024-07-01 12:00Z')::text AS posix_sign;
--> posix_sign
--> 2024-07-01 15:00:00+03

SET TIME ZONE 'Asia/Kolkata';

SELECT (timestamptz '2024-07-01 12:00Z')::text AS half_hour;
--> half_hour
--> 2024-07-01 17:30:00+05:30

RESET TIME ZONE;
