-- Dates, times, intervals and their arithmetic
-- oracle: postgres
-- chapter: types

SELECT DATE '2024-02-29' + 1 AS next, DATE '2024-03-01' - DATE '2024-02-28' AS days;
--> next | days
--> 2024-03-01 | 2

SELECT TIMESTAMP '2024-02-29 12:00' + INTERVAL '1 month' AS m, TIMESTAMP '2024-01-31' + INTERVAL '1 month' AS e;
--> m | e
--> 2024-03-29 12:00:00 | 2024-02-29 00:00:00

SELECT INTERVAL '1 year 2 months 3 days 04:05:06.7' AS i, INTERVAL '90 minutes' AS m, INTERVAL '-1 day' AS n;
--> i | m | n
--> 1 year 2 mons 3 days 04:05:06.7 | 01:30:00 | -1 days

SELECT EXTRACT(year FROM DATE '2024-02-29') AS y, EXTRACT(epoch FROM TIMESTAMP '1970-01-02') AS e, EXTRACT(dow FROM DATE '2024-02-29') AS w;
--> y | e | w
--> 2024 | 86400.000000 | 4

SELECT date_trunc('month', TIMESTAMP '2024-02-29 12:34:56') AS m, date_trunc('hour', TIMESTAMP '2024-02-29 12:34:56') AS h;
--> m | h
--> 2024-02-01 00:00:00 | 2024-02-29 12:00:00

SELECT TIMESTAMPTZ '2024-02-29 12:00+02' AS utc, TIMESTAMPTZ '2024-02-29 12:00+00' AT TIME ZONE 'America/New_York' AS ny;
--> utc | ny
--> 2024-02-29 10:00:00+00 | 2024-02-29 07:00:00

SELECT age(TIMESTAMP '2024-03-01', TIMESTAMP '2023-01-31') AS a;
--> a
--> 1 year 1 mon 1 day

SELECT to_char(TIMESTAMP '2024-02-29 12:34:56', 'YYYY-MM-DD HH24:MI:SS Dy') AS c, to_date('29.02.2024', 'DD.MM.YYYY') AS d;
--> c | d
--> 2024-02-29 12:34:56 Thu | 2024-02-29

SELECT '2024-13-01'::date;
--! 22008: date/time field value out of range: "2024-13-01"

SELECT 'infinity'::timestamp > now()::timestamp AS later;
--> later
--> t

SELECT make_date(2024, 2, 29) AS d, justify_hours(INTERVAL '27 hours') AS j;
--> d | j
--> 2024-02-29 | 1 day 03:00:00

SELECT (TIMESTAMP '2024-02-29', INTERVAL '1 day') OVERLAPS (TIMESTAMP '2024-02-29 12:00', INTERVAL '1 day') AS o;
--> o
--> t
