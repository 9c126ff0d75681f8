-- The hour that is skipped in spring and the hour that comes twice in autumn
-- oracle: postgres
-- chapter: types

SET TIME ZONE 'America/New_York';

SELECT (timestamptz '2024-03-10 01:59:59')::text AS before, (timestamptz '2024-03-10 02:30:00')::text AS skipped, (timestamptz '2024-03-10 03:00:00')::text AS behind;
--> before | skipped | behind
--> 2024-03-10 01:59:59-05 | 2024-03-10 03:30:00-04 | 2024-03-10 03:00:00-04

SELECT (timestamptz '2024-11-03 00:59:59')::text AS before, (timestamptz '2024-11-03 01:30:00')::text AS twice, (timestamptz '2024-11-03 02:00:00')::text AS behind;
--> before | twice | behind
--> 2024-11-03 00:59:59-04 | 2024-11-03 01:30:00-05 | 2024-11-03 02:00:00-05

SELECT (timestamptz '2024-11-03 01:30:00 EDT')::text AS first, (timestamptz '2024-11-03 01:30:00 EST')::text AS second, timestamptz '2024-11-03 01:30:00 EST' - timestamptz '2024-11-03 01:30:00 EDT' AS between;
--> first | second | between
--> 2024-11-03 01:30:00-04 | 2024-11-03 01:30:00-05 | 01:00:00

SELECT (timestamptz '2024-03-09 12:00' + interval '1 day')::text AS one_day, (timestamptz '2024-03-09 12:00' + interval '24 hours')::text AS hours;
--> one_day | hours
--> 2024-03-10 12:00:00-04 | 2024-03-10 13:00:00-04

SELECT (timestamptz '2024-11-02 12:00' + interval '1 day')::text AS one_day, (timestamptz '2024-11-02 12:00' + interval '24 hours')::text AS hours;
--> one_day | hours
--> 2024-11-03 12:00:00-05 | 2024-11-03 11:00:00-05

SELECT timestamptz '2024-03-11' - timestamptz '2024-03-10' AS short_day, timestamptz '2024-11-04' - timestamptz '2024-11-03' AS long_day, date '2024-03-11' - date '2024-03-10' AS day;
--> short_day | long_day | day
--> 23:00:00 | 1 day 01:00:00 | 1

SELECT age(timestamptz '2024-03-11', timestamptz '2024-03-10') AS age, extract(epoch FROM timestamptz '2024-11-04' - timestamptz '2024-11-03') / 3600 AS hours;
--> age | hours
--> 1 day | 25.0000000000000000

SELECT h::text AS local, h AT TIME ZONE 'UTC' AS utc FROM generate_series(timestamptz '2024-03-10 00:00', '2024-03-10 04:00', '1 hour') AS h ORDER BY h;
--> local | utc
--> 2024-03-10 00:00:00-05 | 2024-03-10 05:00:00
--> 2024-03-10 01:00:00-05 | 2024-03-10 06:00:00
--> 2024-03-10 03:00:00-04 | 2024-03-10 07:00:00
--> 2024-03-10 04:00:00-04 | 2024-03-10 08:00:00

SELECT h::text AS local FROM generate_series(timestamptz '2024-11-03 00:00', '2024-11-03 02:00', '1 hour') AS h ORDER BY h;
--> local
--> 2024-11-03 00:00:00-04
--> 2024-11-03 01:00:00-04
--> 2024-11-03 01:00:00-05
--> 2024-11-03 02:00:00-05

SELECT d::text AS day FROM generate_series(timestamptz '2024-03-09', '2024-03-12', '1 day') AS d ORDER BY d;
--> day
--> 2024-03-09 00:00:00-05
--> 2024-03-10 00:00:00-05
--> 2024-03-11 00:00:00-04
--> 2024-03-12 00:00:00-04

SELECT d AT TIME ZONE 'UTC' AS utc FROM generate_series(timestamptz '2024-03-09', '2024-03-12', '24 hours') AS d ORDER BY d;
--> utc
--> 2024-03-09 05:00:00
--> 2024-03-10 05:00:00
--> 2024-03-11 05:00:00

SELECT (timestamp '2024-03-10 02:30' AT TIME ZONE 'America/New_York')::text AS skipped, (timestamp '2024-03-31 02:30' AT TIME ZONE 'Europe/Zurich')::text AS in_europe;
--> skipped | in_europe
--> 2024-03-10 03:30:00-04 | 2024-03-30 21:30:00-04

SELECT (timestamptz '2024-03-10 06:30+00')::timestamp AS a, (timestamptz '2024-03-10 07:30+00')::timestamp AS b, (timestamptz '2024-11-03 05:30+00')::timestamp AS c, (timestamptz '2024-11-03 06:30+00')::timestamp AS same_as_c;
--> a | b | c | same_as_c
--> 2024-03-10 01:30:00 | 2024-03-10 03:30:00 | 2024-11-03 01:30:00 | 2024-11-03 01:30:00

SELECT date_trunc('hour', (timestamptz '2024-11-03 06:30+00'))::text AS second_hour, date_trunc('day', (timestamptz '2024-11-03 06:30+00'))::text AS day;
--> second_hour | day
--> 2024-11-03 01:00:00-05 | 2024-11-03 00:00:00-04

SELECT count(*) AS hours FROM generate_series(timestamptz '2024-03-10 00:00', timestamptz '2024-03-11 00:00' - interval '1 hour', '1 hour');
--> hours
--> 23

SELECT (timestamptz '1883-11-18 12:00')::text AS before_zones, (timestamptz '1974-01-07 12:00')::text AS odd_summer;
--> before_zones | odd_summer
--> 1883-11-18 12:00:00-05 | 1974-01-07 12:00:00-04
