-- AT TIME ZONE turns local times into instants and instants into local times
-- oracle: postgres
-- chapter: types

SELECT timestamp '2024-01-15 12:00' AT TIME ZONE 'America/New_York' AS instant, timestamptz '2024-01-15 12:00+00' AT TIME ZONE 'America/New_York' AS local;
--> instant | local
--> 2024-01-15 17:00:00+00 | 2024-01-15 07:00:00

SELECT timestamp '2024-07-15 12:00' AT TIME ZONE 'America/New_York' AS summer, timestamp '2024-07-15 12:00' AT TIME ZONE 'EST' AS no_summer, timestamp '2024-07-15 12:00' AT TIME ZONE 'EDT' AS named;
--> summer | no_summer | named
--> 2024-07-15 16:00:00+00 | 2024-07-15 17:00:00+00 | 2024-07-15 16:00:00+00

SELECT timestamp '2024-01-15 12:00' AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Tokyo' AS tokyo, timestamp '2024-01-15 12:00' AT TIME ZONE 'Asia/Kolkata' AS kolkata;
--> tokyo | kolkata
--> 2024-01-15 21:00:00 | 2024-01-15 06:30:00+00

SELECT timestamp '2024-01-15 12:00' AT TIME ZONE '+02' AS posix_sign, timestamp '2024-01-15 12:00' AT TIME ZONE interval '2 hours' AS by_interval, timestamp '2024-01-15 12:00' AT TIME ZONE '-05:30' AS minutes;
--> posix_sign | by_interval | minutes
--> 2024-01-15 14:00:00+00 | 2024-01-15 10:00:00+00 | 2024-01-15 06:30:00+00

SELECT timezone('Europe/Zurich', timestamp '2024-01-15 12:00') AS as_function, timezone('Europe/Zurich', timestamptz '2024-01-15 12:00+00') AS back;
--> as_function | back
--> 2024-01-15 11:00:00+00 | 2024-01-15 13:00:00

SELECT timestamptz '2024-01-15 12:00 Europe/Zurich' AS by_name, timestamptz '2024-07-15 12:00 Europe/Zurich' AS summer, timestamptz '2024-01-15 12:00 PST' AS by_letters, timestamptz '2024-01-15 12:00Z' AS zulu;
--> by_name | summer | by_letters | zulu
--> 2024-01-15 11:00:00+00 | 2024-07-15 10:00:00+00 | 2024-01-15 20:00:00+00 | 2024-01-15 12:00:00+00

SELECT timestamptz '2024-01-15 12:00+00' = timestamptz '2024-01-15 07:00-05' AS same, timestamptz '2024-01-15 12:00+00' < timestamptz '2024-01-15 12:00-01' AS earlier;
--> same | earlier
--> t | t

SELECT timestamp '2024-01-15 12:00+05' AS zone_is_dropped, timestamptz '2024-01-15 12:00' AS zone_of_session, '2024-01-15 12:00+05'::timestamptz::timestamp AS as_utc;
--> zone_is_dropped | zone_of_session | as_utc
--> 2024-01-15 12:00:00 | 2024-01-15 12:00:00+00 | 2024-01-15 07:00:00

SELECT timestamp '2024-01-15 12:00' AT TIME ZONE 'Mars/Olympus';
--! 22023: time zone "Mars/Olympus" not recognized

SELECT timestamp '2024-01-15 12:00' AT TIME ZONE NULL AS nothing;
--> nothing
--> NULL

SELECT extract(timezone FROM timestamptz '2024-01-15 12:00+05') AS seconds, extract(timezone_hour FROM timestamptz '2024-01-15 12:00+05') AS hours;
--> seconds | hours
--> 0 | 0

SET TIME ZONE 'America/New_York';

SELECT (timestamptz '2024-01-15 12:00+00')::text AS winter, (timestamptz '2024-07-15 12:00+00')::text AS summer, timestamptz '2024-01-15 12:00' AT TIME ZONE 'UTC' AS utc;
--> winter | summer | utc
--> 2024-01-15 07:00:00-05 | 2024-07-15 08:00:00-04 | 2024-01-15 17:00:00

SELECT extract(timezone FROM timestamptz '2024-07-15 12:00+00') AS seconds, extract(hour FROM timestamptz '2024-07-15 12:00+00') AS hour, timestamptz '2024-01-16 02:00+00'::date AS day_before;
--> seconds | hour | day_before
--> -14400 | 8 | 2024-01-15

SELECT date_trunc('day', timestamptz '2024-01-16 02:00+00')::text AS local_day, date_trunc('day', timestamptz '2024-01-16 02:00+00', 'UTC')::text AS utc_day, date_trunc('day', timestamptz '2024-01-16 02:00+00', 'Asia/Tokyo')::text AS tokyo_day;
--> local_day | utc_day | tokyo_day
--> 2024-01-15 00:00:00-05 | 2024-01-15 19:00:00-05 | 2024-01-15 10:00:00-05

SELECT to_char(timestamptz '2024-07-15 12:00+00', 'YYYY-MM-DD HH24:MI TZ tz OF TZH:TZM') AS shown;
--> shown
--> 2024-07-15 08:00 EDT edt -04 -04:00

SET TIME ZONE -7;

SELECT (timestamptz '2024-07-15 12:00+00')::text AS seven_behind;
--> seven_behind
--> 2024-07-15 05:00:00-07

SET TIME ZONE INTERVAL '+05:30' HOUR TO MINUTE;

SELECT (timestamptz '2024-07-15 12:00+00')::text AS half_an_hour;
--> half_an_hour
--> 2024-07-15 17:30:00+05:30
