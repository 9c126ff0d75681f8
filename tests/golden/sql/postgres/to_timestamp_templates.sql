-- to_date and to_timestamp: what templates skip, guess and refuse
-- oracle: postgres
-- chapter: functions

SELECT to_date('2024-03-05', 'YYYY-MM-DD') AS iso, to_date('05.03.24', 'DD.MM.YY') AS short, to_date('20240305', 'YYYYMMDD') AS run_together, to_date('5 Mar 2024', 'DD Mon YYYY') AS named;
--> iso | short | run_together | named
--> 2024-03-05 | 2024-03-05 | 2024-03-05 | 2024-03-05

SELECT to_timestamp('2024-03-05 13:14:15.678', 'YYYY-MM-DD HH24:MI:SS.MS') AS ms, to_timestamp('05/03/2024 01:14 PM', 'DD/MM/YYYY HH12:MI AM') AS pm;
--> ms | pm
--> 2024-03-05 13:14:15.678+00 | 2024-03-05 13:14:00+00

SELECT to_date('69', 'YY') AS a, to_date('70', 'YY') AS b, to_date('00', 'YY') AS c, to_date('024', 'YYY') AS d;
--> a | b | c | d
--> 2069-01-01 | 1970-01-01 | 2000-01-01 | 2024-01-01

SELECT to_date('2024-064', 'YYYY-DDD') AS by_day, to_date('March 2024', 'Month YYYY') AS month, to_date('2024', 'YYYY') AS year;
--> by_day | month | year
--> 2024-03-04 | 2024-03-01 | 2024-01-01

SELECT to_date('2024   -  3 - 5', 'YYYY-MM-DD') AS spaces, to_date('2024/03/05', 'YYYY-MM-DD') AS other_separator, to_date('2024-3-5', 'YYYY-MM-DD') AS short;
--> spaces | other_separator | short
--> 2024-03-05 | 2024-03-05 | 2024-03-05

SELECT to_date('2024-02-30', 'YYYY-MM-DD');
--! 22008: date/time field value out of range: "2024-02-30"

SELECT to_date('2024-13-01', 'YYYY-MM-DD');
--! 22008: date/time field value out of range: "2024-13-01"

SELECT to_timestamp('25:00', 'HH24:MI');
--! 22008: date/time field value out of range: "25:00"

SELECT to_timestamp('13:00 PM', 'HH12:MI AM');
--! 22007: hour "13" is invalid for the 12-hour clock

SELECT to_date('abc', 'YYYY');
--! 22007: invalid value "abc" for "YYYY"

SELECT to_date('5 Foo 2024', 'DD Mon YYYY');
--! 22007: invalid value "Foo" for "Mon"

SELECT to_timestamp('2024-03-05 10:00 +02', 'YYYY-MM-DD HH24:MI TZH') AS zone, to_timestamp('2024-03-05 10:00+02:30', 'YYYY-MM-DD HH24:MITZH:TZM') AS minutes;
--> zone | minutes
--> 2024-03-05 08:00:00+00 | 2024-03-05 07:30:00+00

SELECT to_date('', 'YYYY-MM-DD');
--> to_date
--> 0001-01-01 BC

SELECT to_date(NULL, 'YYYY') AS nothing, to_date('2024-03-05 and more', 'YYYY-MM-DD') AS rest;
--> nothing | rest
--> NULL | 2024-03-05

SELECT to_timestamp('1.5', 'SS.MS') AS ms, to_timestamp('1.05', 'SS.MS') AS fewer, to_timestamp('1.500000', 'SS.US') AS us;
--> ms | fewer | us
--> 0001-01-01 00:00:01.5+00 BC | 0001-01-01 00:00:01.05+00 BC | 0001-01-01 00:00:01.5+00 BC
