-- infinity and -infinity as dates and timestamps
-- oracle: postgres
-- chapter: types

SELECT date 'infinity' AS d, timestamp '-infinity' AS t, timestamptz 'infinity' AS z;
--> d | t | z
--> infinity | -infinity | infinity

SELECT date 'infinity' > date '9999-12-31' AS later, timestamp '-infinity' < timestamp '4713-01-01 BC' AS earlier, date 'infinity' = timestamp 'infinity' AS same;
--> later | earlier | same
--> t | t | t

SELECT isfinite(date 'infinity') AS a, isfinite(date '2024-01-01') AS b, isfinite(timestamp '-infinity') AS c;
--> a | b | c
--> f | t | f

SELECT date 'infinity' + 1 AS plus, timestamp 'infinity' - interval '1 year' AS minus, timestamp '-infinity' + interval '1 day' AS never;
--> plus | minus | never
--> infinity | infinity | -infinity

SELECT date 'infinity' - date '2024-01-01';
--! 22008: cannot subtract infinite dates

SELECT timestamp 'infinity' - timestamp '2024-01-01';
--! 22008: cannot subtract infinite timestamps

SELECT extract(year FROM date 'infinity') AS year, extract(epoch FROM timestamp '-infinity') AS epoch, extract(month FROM date 'infinity') AS month;
--> year | epoch | month
--> Infinity | -Infinity | NULL

SELECT greatest(date '2024-01-01', 'infinity') AS g, least(date '2024-01-01', '-infinity') AS l;
--> g | l
--> infinity | -infinity

SELECT coalesce(until, 'infinity') AS until FROM (VALUES (date '2024-01-01'), (NULL)) v(until) ORDER BY 1;
--> until
--> 2024-01-01
--> infinity

SELECT since, until FROM (VALUES (date '2024-01-01', date '2024-02-01'), ('2024-02-01', 'infinity'), ('-infinity', '2024-01-01')) v(since, until) WHERE date '2024-05-05' >= since AND date '2024-05-05' < until;
--> since | until
--> 2024-02-01 | infinity

SELECT max(d) AS max, min(d) AS min FROM (VALUES (date 'infinity'), ('2024-01-01'), ('-infinity')) v(d);
--> max | min
--> infinity | -infinity

SELECT d FROM (VALUES (timestamp 'infinity'), (NULL), ('2024-01-01'), ('-infinity')) v(d) ORDER BY d DESC;
--> d
--> NULL
--> infinity
--> 2024-01-01 00:00:00
--> -infinity

SELECT timestamp 'infinity'::date AS d, date '-infinity'::timestamp AS t, 'infinity'::date::text AS text;
--> d | t | text
--> infinity | -infinity | infinity

SELECT to_char(timestamp 'infinity', 'YYYY') AS nothing, date_trunc('day', timestamp '-infinity') AS truncated;
--> nothing | truncated
--> NULL | -infinity

SELECT timestamp 'infinity' AT TIME ZONE 'UTC' AS zoned, timestamp 'infinity'::time;
--> zoned | time
--> infinity | NULL
