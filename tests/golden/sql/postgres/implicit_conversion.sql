-- Which conversions happen by themselves
-- oracle: postgres
-- chapter: expressions

SELECT 1 + 1.5 AS numeric, 1 + 1.5::float8 AS double, 1::smallint + 1::bigint AS bigint;
--> numeric | double | bigint
--> 2.5 | 2.5 | 2

SELECT pg_typeof(1 + 1.5), pg_typeof(1.5 + 1::float8), pg_typeof(1::real + 1.0), pg_typeof(1::smallint + 1::smallint), pg_typeof(1::real + 1::real);
--> pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
--> numeric | double precision | double precision | smallint | real

SELECT 'a' || 1 AS with_text, 1 || 'a' AS also, 1 || 2;
--! 42883: operator does not exist: integer || integer

SELECT '5' + 3 AS unknown_is_a_number, '5'::text + 3;
--! 42883: operator does not exist: text + integer

SELECT 1 = '1' AS unknown, 1 = '1'::text;
--! 42883: operator does not exist: integer = text

SELECT date '2024-01-01' = '2024-01-01' AS d, date '2024-01-01' = timestamp '2024-01-01 00:00' AS t;
--> d | t
--> t | t

SELECT true = 't' AS b, true = 1;
--! 42883: operator does not exist: boolean = integer

SELECT 1 = 1.0 AS e, 0.1::float8 = 0.1 AS double, 0.1::real = 0.1 AS real_is_shorter;
--> e | double | real_is_shorter
--> t | t | f

SELECT length(12345);
--! 42883: function length(integer) does not exist

SELECT upper(1);
--! 42883: function upper(integer) does not exist
