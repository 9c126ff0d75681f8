-- to_date and to_timestamp read by a template
-- oracle: postgres
-- chapter: functions

SELECT to_date('05 Dec 2000', 'DD Mon YYYY') AS d, to_date('20240305', 'YYYYMMDD') AS packed, to_date('2024-065', 'YYYY-DDD') AS day_of_year, to_date('05/03/24', 'DD/MM/YY') AS yy;
--> d | packed | day_of_year | yy
--> 2000-12-05 | 2024-03-05 | 2024-03-05 | 2024-03-05

SELECT to_timestamp('2024-03-05 17:31:12.66', 'YYYY-MM-DD HH24:MI:SS.US') AS t, to_timestamp('05:31 PM', 'HH12:MI PM') IS NOT NULL AS pm, to_timestamp(1284352323) AS epoch, to_timestamp(0.5) AS fraction;
--> t | pm | epoch | fraction
--> 2024-03-05 17:31:12.66+00 | t | 2010-09-13 04:32:03+00 | 1970-01-01 00:00:00.5+00

SELECT to_date('2024-02-30', 'YYYY-MM-DD');
--! 22008: date/time field value out of range: "2024-02-30"

SELECT to_date('2024-13-01', 'YYYY-MM-DD');
--! 22008: date/time field value out of range: "2024-13-01"

SELECT to_date('x', 'YYYY');
--! 22007: invalid value "x" for "YYYY"

SELECT to_timestamp('25:00', 'HH24:MI');
--! 22008: date/time field value out of range: "25:00"

SELECT to_date('March 5, 2024', 'Month DD, YYYY') AS words, to_date('2024-3-5', 'YYYY-MM-DD') AS short, to_date('  2024 3 5', 'YYYY-MM-DD') AS spaces;
--> words | short | spaces
--> 2024-03-05 | 2024-03-05 | 2024-03-05

SELECT to_timestamp('infinity'::float8) AS i, to_timestamp(NULL, 'YYYY') AS n;
--> i | n
--> infinity | NULL

SELECT to_date('Foo 5', 'Mon DD');
--! 22007: invalid value "Foo" for "Mon"
