-- generate_series
-- oracle: postgres
-- chapter: functions

SELECT * FROM generate_series(2, 4) AS g;
--> g
--> 2
--> 3
--> 4

SELECT * FROM generate_series(5, 1, -2) AS g(x);
--> x
--> 5
--> 3
--> 1

SELECT * FROM generate_series(4, 3);
--> generate_series

SELECT generate_series(1.1, 4, 1.3) AS numeric;
--> numeric
--> 1.1
--> 2.4
--> 3.7

SELECT generate_series(timestamp '2024-01-30', timestamp '2024-03-30', '1 month') AS t;
--> t
--> 2024-01-30 00:00:00
--> 2024-02-29 00:00:00
--> 2024-03-29 00:00:00

SELECT d::date FROM generate_series(date '2024-01-01', date '2024-01-03', interval '1 day') AS d ORDER BY d;
--> d
--> 2024-01-01
--> 2024-01-02
--> 2024-01-03

SELECT * FROM generate_series(1, 3, 0);
--! 22023: step size cannot equal zero

SELECT count(*) FROM generate_series(NULL, 3);
--> count
--> 0

SELECT n, x FROM generate_series(10, 30, 10) WITH ORDINALITY AS g(x, n) WHERE n > 1 ORDER BY n;
--> n | x
--> 2 | 20
--> 3 | 30

SELECT generate_series(1, 2) AS a, generate_series(1, 3) AS b;
--> a | b
--> 1 | 1
--> 2 | 2
--> NULL | 3

SELECT pg_typeof(generate_series(1, 1)), pg_typeof(generate_series(1, 1::bigint));
--> pg_typeof | pg_typeof
--> integer | bigint

SELECT * FROM generate_series(2147483646, 2147483647);
--> generate_series
--> 2147483646
--> 2147483647

SELECT * FROM generate_series(1, 2.5, 'NaN');
--! 22023: step size cannot be NaN
