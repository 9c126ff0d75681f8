-- Intervals have months, days and seconds apart
-- oracle: postgres
-- chapter: types

SELECT interval '1 month' + interval '30 days' AS apart, interval '1 day' - interval '24 hours' AS not_zero, interval '1 day' - interval '24 hours' = interval '0' AS equal;
--> apart | not_zero | equal
--> 1 mon 30 days | 1 day -24:00:00 | t

SELECT interval '1 year 2 months 3 days 04:05:06.789' * 2 AS twice, interval '1 year' / 7 AS seventh, interval '10 days' / 4 AS quarter;
--> twice | seventh | quarter
--> 2 years 4 mons 6 days 08:10:13.578 | 1 mon 21 days 10:17:08.5344 | 2 days 12:00:00

SELECT interval '1 month' * 1.5 AS a, interval '1 month 1 day' * 0.1 AS b, 0.3 * interval '1 year' AS c, interval '1 day' * -1 AS d;
--> a | b | c | d
--> 1 mon 15 days | 3 days 02:24:00 | 3 mons 18 days | -1 days

SELECT interval '1 hour' / 0;
--! 22012: division by zero

SELECT justify_hours('50 hours') AS hours, justify_days('65 days') AS days, justify_interval('1 year -1 day') AS both, justify_interval('-35 days 25 hours') AS mixed;
--> hours | days | both | mixed
--> 2 days 02:00:00 | 2 mons 5 days | 11 mons 29 days | -1 mons -3 days -23:00:00

SELECT interval '1 mon' > interval '29 days 23:59' AS a, interval '12 mons' = interval '1 year' AS b, interval '1 mon' < interval '31 days' AS c;
--> a | b | c
--> t | t | t

SELECT sum(d) AS sum, avg(d) AS avg, max(d) AS max FROM (VALUES (interval '1 day'), ('25 hours'), ('-1 hour')) v(d);
--> sum | avg | max
--> 1 day 24:00:00 | 16:00:00 | 25:00:00

SELECT count(*), min(d) AS which FROM (VALUES (interval '1 day'), ('24 hours')) v(d) GROUP BY d;
--> count | which
--> 2 | 24:00:00
--~> count | which
--~> 2 | 1 day

SELECT time '23:30' + interval '1 hour' AS wraps, time '00:10' - interval '20 minutes' AS back, time '10:00' - time '12:30' AS negative, time '10:00' + interval '1 day 1 hour' AS days_fall;
--> wraps | back | negative | days_fall
--> 00:30:00 | 23:50:00 | -02:30:00 | 11:00:00

SELECT date '2024-01-01' + time '10:30' AS joined, date '2024-01-01' + interval '36 hours' AS stamp, date '2024-01-01' - interval '1 second' AS before;
--> joined | stamp | before
--> 2024-01-01 10:30:00 | 2024-01-02 12:00:00 | 2023-12-31 23:59:59

SELECT timestamp '2024-03-01 10:00' - timestamp '2024-02-28 12:30' AS days_and_time, timestamp '2024-03-01' - timestamp '2025-03-01' AS negative;
--> days_and_time | negative
--> 1 day 21:30:00 | -365 days

SELECT extract(day FROM interval '40 days 30 hours') AS days, extract(hour FROM interval '40 days 30 hours') AS hours, extract(month FROM interval '25 months') AS months, extract(decade FROM interval '25 years') AS decades;
--> days | hours | months | decades
--> 40 | 30 | 1 | 2

SELECT make_interval(1, 2, 3, 4, 5, 6, 7.5) AS all, make_interval(days => 10, hours => -2) AS some, make_interval() AS none;
--> all | some | none
--> 1 year 2 mons 25 days 05:06:07.5 | 10 days -02:00:00 | 00:00:00

SELECT interval '1 day' + date '2024-01-01' AS turned, 2 * interval '1 day' AS factor, -interval '1 mon -1 day' AS minus, abs(extract(epoch FROM interval '-1 day')) AS length;
--> turned | factor | minus | length
--> 2024-01-02 00:00:00 | 2 days | -1 mons +1 day | 86400.000000

SELECT isfinite(interval '1 day') AS finite, interval '178000000 years' AS long;
--> finite | long
--> t | 178000000 years

SELECT interval '200000000 years';
--! 22008: interval out of range
--~! 22015: interval field value out of range: "200000000 years"

SELECT to_char(interval '1 day 26 hours 3 minutes', 'DD HH24:MI:SS') AS shown, to_char(interval '400 days', 'YYYY DDD') AS days;
--> shown | days
--> 01 26:03:00 | 0000 400

SELECT interval '1.5 hours 90 seconds' AS mixed, interval '-1:30' AS negative, interval '1 2:00' AS day_hour, interval '3' second AS seconds, interval '1.123456789 s' AS rounded;
--> mixed | negative | day_hour | seconds | rounded
--> 01:31:30 | -01:30:00 | 1 day 02:00:00 | 00:00:03 | 00:00:01.123457
