-- Dates, timestamps with and without zone, times and texts beside each other
-- oracle: postgres
-- chapter: types

SELECT date '2024-01-01' = timestamp '2024-01-01 00:00' AS same, date '2024-01-01' < timestamp '2024-01-01 00:01' AS earlier, date '2024-01-01' = timestamptz '2024-01-01 00:00+00' AS zoned;
--> same | earlier | zoned
--> t | t | t

SELECT timestamp '2024-01-01 12:00' = timestamptz '2024-01-01 12:00+00' AS in_utc, timestamp '2024-01-01 12:00' < timestamptz '2024-01-01 12:00-01' AS earlier;
--> in_utc | earlier
--> t | t

SELECT date '2024-01-01' = '2024-01-01' AS literal, date '2024-01-01' = '2024-01-01 23:00' AS cut, timestamp '2024-01-01' = '2024-01-01' AS midnight;
--> literal | cut | midnight
--> t | t | t

SELECT '2024-01-01' < date '2024-01-02' AS turned, '2024-1-5'::date = '2024-01-05' AS forms, timestamp '2024-01-01 00:00' = '2024-01-01T00:00:00' AS with_t;
--> turned | forms | with_t
--> t | t | t

SELECT date '2024-01-01' IN ('2024-01-01', '2024-02-01') AS listed, date '2024-01-01' BETWEEN '2023-12-31' AND '2024-01-01' AS between_texts;
--> listed | between_texts
--> t | t

SELECT timestamp '2024-01-01 10:00'::date = date '2024-01-01' AS cast, timestamp '2024-01-01 10:00'::time AS of_day, date '2024-01-01'::timestamp AS up, timestamp '2024-01-01 10:00'::timestamptz AS zoned;
--> cast | of_day | up | zoned
--> t | 10:00:00 | 2024-01-01 00:00:00 | 2024-01-01 10:00:00+00

SELECT time '10:00' = '10:00:00' AS times, time '10:00' < time '10:00:00.001' AS less, time '24:00' > time '23:59:59' AS end_of_day, time '10:00'::interval = interval '10 hours' AS interval;
--> times | less | end_of_day | interval
--> t | t | t | t

SELECT time '10:00' = timestamp '2024-01-01 10:00';
--! 42883: operator does not exist: time without time zone = timestamp without time zone

SELECT date '2024-01-01' = 20240101;
--! 42883: operator does not exist: date = integer

SELECT date '2024-01-01' = text '2024-01-01';
--! 42883: operator does not exist: date = text

SELECT greatest(date '2024-01-01', timestamp '2024-01-01 00:01') AS g, pg_typeof(greatest(date '2024-01-01', timestamp '2024-01-01')) AS type, least(timestamp '2024-01-01', timestamptz '2023-01-01 00:00+00') AS l;
--> g | type | l
--> 2024-01-01 00:01:00 | timestamp without time zone | 2023-01-01 00:00:00+00

SELECT coalesce(NULL::date, timestamp '2024-01-01 10:00') AS c, CASE WHEN true THEN date '2024-01-01' ELSE timestamp '2024-01-01' END AS case_type;
--> c | case_type
--> 2024-01-01 10:00:00 | 2024-01-01 00:00:00

SELECT x FROM (SELECT date '2024-01-02' AS x UNION ALL SELECT timestamp '2024-01-01 10:00') u ORDER BY x;
--> x
--> 2024-01-01 10:00:00
--> 2024-01-02 00:00:00

SELECT date '2024-01-01' + time '10:00' AS joined, timestamp '2024-01-01 10:00' - time '01:00' AS minus_time, date '2024-01-05' - date '2024-01-01' AS days, timestamp '2024-01-05' - date '2024-01-01' AS span;
--> joined | minus_time | days | span
--> 2024-01-01 10:00:00 | 2024-01-01 09:00:00 | 4 | 4 days

SELECT date '2024-01-05' - timestamp '2024-01-01 12:00' AS mixed, timestamptz '2024-01-05 00:00+00' - date '2024-01-01' AS zoned, date '2024-01-05' - interval '12 hours' AS half, date '2024-01-05' - 4 AS days_before;
--> mixed | zoned | half | days_before
--> 3 days 12:00:00 | 4 days | 2024-01-04 12:00:00 | 2024-01-01

SELECT count(*) FROM (VALUES (timestamp '2024-01-01 00:00'), ('2024-01-01 10:00'), ('2024-01-02 00:00')) v(t) WHERE t >= date '2024-01-01' AND t < date '2024-01-01' + 1;
--> count
--> 2

SELECT count(*) FROM (VALUES (timestamp '2024-01-01 00:00'), ('2024-01-01 10:00'), ('2024-01-02 00:00')) v(t) WHERE t BETWEEN date '2024-01-01' AND date '2024-01-01';
--> count
--> 1

SELECT timestamp(0) '2024-01-01 10:00:00.5' AS rounded, timestamp '2024-01-01 10:00:00.4999999'::timestamp(3) AS three, time(1) '10:00:00.25' AS tenth, interval(0) '1.5 seconds' AS whole;
--> rounded | three | tenth | whole
--> 2024-01-01 10:00:01 | 2024-01-01 10:00:00.5 | 10:00:00.3 | 00:00:02
--~> rounded | three | tenth | whole
--~> 2024-01-01 10:00:01 | 2024-01-01 10:00:00.5 | 10:00:00.3 | 00:00:01.5

SELECT '10:00'::time + date '2024-01-01' AS turned, ('2024-01-01'::date, '10:00'::time) < ('2024-01-01', '10:00:01') AS rows;
--> turned | rows
--> 2024-01-01 10:00:00 | t
