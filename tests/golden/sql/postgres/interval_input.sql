-- Intervals as they are read and written
-- oracle: postgres
-- chapter: types

SELECT '1-2'::interval AS year_month, '3 4:05:06'::interval AS day_time, '1 year 2 months 3 days 4 hours 5 minutes 6 seconds'::interval AS verbose, 'P1Y2M3DT4H5M6S'::interval AS iso, 'P0001-02-03T04:05:06'::interval AS alternative;
--> year_month | day_time | verbose | iso | alternative
--> 1 year 2 mons | 3 days 04:05:06 | 1 year 2 mons 3 days 04:05:06 | 1 year 2 mons 3 days 04:05:06 | 1 year 2 mons 3 days 04:05:06
--~! 22007: invalid input syntax for type interval: "P0001-02-03T04:05:06"

SELECT '1 week'::interval AS w, '1.5 days'::interval AS d, '1.5 months'::interval AS m, '2 decades'::interval AS t, '1 day ago'::interval AS ago, '@ 1 minute'::interval AS at;
--> w | d | m | t | ago | at
--> 7 days | 1 day 12:00:00 | 1 mon 15 days | 20 years | -1 days | 00:01:00

SELECT interval '1' year AS y, interval '90' minute AS m, interval '1 2:03' day to minute AS dm, interval '1.234' second(1) AS s;
--> y | m | dm | s
--> 1 year | 01:30:00 | 1 day 02:03:00 | 00:00:01.2
--~> y | m | dm | s
--~> 1 year | 01:30:00 | 1 day 02:03:00 | 00:00:01.234

SELECT interval '-1 day +02:03:04' AS mixed, interval '-1 year 2 months' AS y, interval '1 mon -1 day' AS m;
--> mixed | y | m
--> -1 days +02:03:04 | -10 mons | 1 mon -1 days

SELECT interval '1 year' = interval '360 days' AS compared, interval '1 month' = interval '30 days' AS m, interval '24 hours' = interval '1 day' AS d;
--> compared | m | d
--> t | t | t

SELECT interval '1 fortnight';
--! 22007: invalid input syntax for type interval: "1 fortnight"

SELECT interval '' AS empty;
--! 22007: invalid input syntax for type interval: ""

SELECT interval '1 day' * 2.5 AS times, interval '1 hour' / 3 AS divided, -interval '1 day 2 hours' AS minus, interval '1 month' * 0.5 AS half;
--> times | divided | minus | half
--> 2 days 12:00:00 | 00:20:00 | -1 days -02:00:00 | 15 days

SELECT interval '1 year 13 months 40 days' AS kept, justify_days('35 days') AS d, justify_interval('1 mon -1 hour') AS i;
--> kept | d | i
--> 2 years 1 mon 40 days | 1 mon 5 days | 29 days 23:00:00

SELECT extract(day FROM interval '40 days 30 hours') AS d, extract(epoch FROM interval '1 month 1 day') AS e, extract(year FROM interval '25 months') AS y;
--> d | e | y
--> 40 | 2678400.000000 | 2

SELECT x FROM (VALUES (interval '1 month'), ('29 days'), ('31 days'), ('1 year')) v(x) ORDER BY x;
--> x
--> 29 days
--> 1 mon
--> 31 days
--> 1 year

SELECT sum(x), avg(x), min(x), max(x) FROM (VALUES (interval '1 day'), ('2 hours')) v(x);
--> sum | avg | min | max
--> 1 day 02:00:00 | 13:00:00 | 02:00:00 | 1 day
