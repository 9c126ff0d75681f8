-- UNION, VALUES and ARRAY find a common type
-- oracle: postgres
-- chapter: expressions

SELECT 1 AS x UNION ALL SELECT 2.5 ORDER BY x;
--> x
--> 1
--> 2.5

SELECT pg_typeof(x) FROM (SELECT 1 AS x UNION SELECT 2.5 UNION SELECT 3::float8) AS u LIMIT 1;
--> pg_typeof
--> double precision

SELECT 'a' AS t UNION SELECT NULL ORDER BY t;
--> t
--> a
--> NULL

SELECT 1 UNION SELECT 'x';
--! 22P02: invalid input syntax for type integer: "x"

SELECT 1 UNION SELECT '2' ORDER BY 1;
--> ?column?
--> 1
--> 2

SELECT 1 UNION SELECT true;
--! 42804: UNION types integer and boolean cannot be matched

SELECT 1, 2 UNION SELECT 3;
--! 42601: each UNION query must have the same number of columns

VALUES (1, 'a'), (2.5, 'b');
--> column1 | column2
--> 1 | a
--> 2.5 | b

VALUES (1), ('x');
--! 22P02: invalid input syntax for type integer: "x"

SELECT ARRAY[1, 2.5] AS a, pg_typeof(ARRAY[1, 2.5]), pg_typeof(ARRAY['a', NULL]);
--> a | pg_typeof | pg_typeof
--> {1,2.5} | numeric[] | text[]

SELECT ARRAY[1, 'x'];
--! 22P02: invalid input syntax for type integer: "x"

SELECT ARRAY[];
--! 42P18: cannot determine type of empty array

SELECT date '2024-01-02' AS d UNION SELECT timestamp '2024-01-01 10:00' ORDER BY d;
--> d
--> 2024-01-01 10:00:00
--> 2024-01-02 00:00:00
