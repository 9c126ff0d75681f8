-- generate_series of integers, numerics, dates and times, up and down, numbered
-- oracle: postgres
-- chapter: functions

SELECT g FROM generate_series(1, 5) AS g ORDER BY g;
--> g
--> 1
--> 2
--> 3
--> 4
--> 5

SELECT g FROM generate_series(5, 1, -2) AS g ORDER BY g DESC;
--> g
--> 5
--> 3
--> 1

SELECT count(*) AS none FROM generate_series(5, 1);
--> none
--> 0

SELECT g FROM generate_series(0.5, 2.0, 0.5) AS g ORDER BY g;
--> g
--> 0.5
--> 1.0
--> 1.5
--> 2.0

SELECT g FROM generate_series(1, 2, 0) AS g;
--! 22023: step size cannot equal zero

SELECT g FROM generate_series(timestamp '2024-01-31', '2024-02-03', '1 day') AS g ORDER BY g;
--> g
--> 2024-01-31 00:00:00
--> 2024-02-01 00:00:00
--> 2024-02-02 00:00:00
--> 2024-02-03 00:00:00

SELECT g FROM generate_series(timestamp '2024-01-01 12:00', '2024-01-01 09:00', '-90 minutes') AS g ORDER BY g DESC;
--> g
--> 2024-01-01 12:00:00
--> 2024-01-01 10:30:00
--> 2024-01-01 09:00:00

SELECT n, g FROM generate_series(10, 30, 10) WITH ORDINALITY AS s(g, n) ORDER BY n;
--> n | g
--> 1 | 10
--> 2 | 20
--> 3 | 30

SELECT a, b, a * b AS product FROM generate_series(1, 3) AS a, generate_series(a, 3) AS b ORDER BY a, b;
--> a | b | product
--> 1 | 1 | 1
--> 1 | 2 | 2
--> 1 | 3 | 3
--> 2 | 2 | 4
--> 2 | 3 | 6
--> 3 | 3 | 9

SELECT g, g % 2 = 0 AS even, chr(64 + g) AS letter FROM generate_series(1, 4) AS g ORDER BY g;
--> g | even | letter
--> 1 | f | A
--> 2 | t | B
--> 3 | f | C
--> 4 | t | D

SELECT generate_series(1, 2) AS a, generate_series(1, 3) AS b;
--> a | b
--> 1 | 1
--> 2 | 2
--> NULL | 3

SELECT sum(g) AS sum, avg(g) AS avg, array_agg(g ORDER BY g) AS all FROM generate_series(1, 4) AS g;
--> sum | avg | all
--> 10 | 2.5000000000000000 | {1,2,3,4}

SELECT count(*) AS nulls FROM generate_series(1, NULL::integer);
--> nulls
--> 0

SELECT g FROM generate_series(9223372036854775806, 9223372036854775807) AS g ORDER BY g;
--> g
--> 9223372036854775806
--> 9223372036854775807

SELECT g FROM generate_series(2147483646, 2147483647) AS g ORDER BY g;
--> g
--> 2147483646
--> 2147483647

SELECT pg_typeof(g) AS type FROM generate_series(1, 1::bigint) AS g;
--> type
--> bigint

SELECT g::date AS day, extract(isodow FROM g) AS weekday FROM generate_series(date '2024-02-28', date '2024-03-01', interval '1 day') AS g ORDER BY 1;
--> day | weekday
--> 2024-02-28 | 3
--> 2024-02-29 | 4
--> 2024-03-01 | 5

SELECT pg_typeof(g) AS type FROM generate_series(date '2024-01-01', date '2024-01-01', interval '1 day') AS g;
--> type
--> timestamp with time zone

SELECT g FROM generate_series(1, 1.0, '1') AS g;
--> g
--> 1

SELECT x, y FROM generate_series(1, 2) AS x LEFT JOIN generate_series(2, 3) AS y ON x = y ORDER BY x;
--> x | y
--> 1 | NULL
--> 2 | 2

SELECT g AS prime FROM generate_series(2, 20) AS g WHERE NOT EXISTS (SELECT FROM generate_series(2, g - 1) AS d WHERE g % d = 0) ORDER BY g;
--> prime
--> 2
--> 3
--> 5
--> 7
--> 11
--> 13
--> 17
--> 19
