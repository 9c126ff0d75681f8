-- Aliases of tables and of their columns
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER);

INSERT INTO t VALUES (1, 2, 3);

SELECT x.a FROM t AS x;
--> a
--> 1

SELECT t.a FROM t AS x;
--! 42P01: invalid reference to FROM-clause entry for table "t"

SELECT p, q, c FROM t AS x(p, q);
--> p | q | c
--> 1 | 2 | 3

SELECT a FROM t AS x(p, q);
--! 42703: column "a" does not exist

SELECT * FROM t AS x(p, q, r, s);
--! 42P10: table "x" has 3 columns available but 4 columns specified

SELECT s.two FROM (SELECT 1, 2) AS s(one, two);
--> two
--> 2

SELECT one.a, two.a FROM t one, t two;
--> a | a
--> 1 | 1

SELECT a FROM t one, t two;
--! 42702: column reference "a" is ambiguous

SELECT * FROM t, t;
--! 42712: table name "t" specified more than once

SELECT x FROM (SELECT 1 AS x);
--! 42601: subquery in FROM must have an alias

SELECT j.p FROM (t AS one CROSS JOIN t AS two) AS j(p);
--> p
--> 1

SELECT v.column1, v.column2 FROM (VALUES (1, 'a')) AS v;
--> column1 | column2
--> 1 | a

SELECT current_schema() IS NOT NULL AS q, t.* FROM ONLY t;
--> q | a | b | c
--> t | 1 | 2 | 3
