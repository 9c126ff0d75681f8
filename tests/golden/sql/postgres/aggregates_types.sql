-- What types sums and averages have
-- oracle: postgres
-- chapter: aggregates

SELECT pg_typeof(sum(1::smallint)), pg_typeof(sum(1)), pg_typeof(sum(1::bigint)), pg_typeof(sum(1.5)), pg_typeof(sum(1::real)), pg_typeof(sum(1::float8));
--> pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
--> bigint | bigint | numeric | numeric | real | double precision

SELECT pg_typeof(avg(1)), pg_typeof(avg(1.5)), pg_typeof(avg(1::real)), pg_typeof(count(*)), pg_typeof(avg(interval '1 day'));
--> pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
--> numeric | numeric | double precision | bigint | interval

SELECT avg(x) FROM (VALUES (1), (2)) v(x);
--> avg
--> 1.5000000000000000

SELECT avg(x), sum(x) FROM (VALUES (1), (2), (2)) v(x);
--> avg | sum
--> 1.6666666666666667 | 5

SELECT sum(x) FROM (VALUES (9223372036854775807), (1)) v(x);
--> sum
--> 9223372036854775808

SELECT sum(x) AS exact FROM (VALUES (0.1), (0.2), (0.3)) v(x);
--> exact
--> 0.6

SELECT sum(x) FROM (VALUES (interval '1 day'), ('2 hours')) v(x);
--> sum
--> 1 day 02:00:00

SELECT sum(x) FROM (VALUES ('a')) v(x);
--! 42883: function sum(text) does not exist

SELECT min(x), max(x) FROM (VALUES ('a'), ('B'), ('b')) v(x);
--> min | max
--> B | b

SELECT max(x) FROM (VALUES (true), (false)) v(x);
--! 42883: function max(boolean) does not exist

SELECT max(x), min(x) FROM (VALUES (ARRAY[1, 2]), (ARRAY[1, 3])) v(x);
--> max | min
--> {1,3} | {1,2}

SELECT max(d), min(d) FROM (VALUES (date '2024-01-01'), (date '2023-01-01')) v(d);
--> max | min
--> 2024-01-01 | 2023-01-01

SELECT min(x), max(x) FROM (VALUES ('{}'::jsonb)) v(x);
--! 42883: function min(jsonb) does not exist

SELECT max(1, 2);
--! 42883: function max(integer, integer) does not exist
