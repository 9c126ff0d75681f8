-- Common table expressions: names, columns, scope
-- oracle: postgres
-- chapter: queries

WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT * FROM a UNION ALL SELECT * FROM b ORDER BY x;
--> x
--> 1
--> 2

WITH a(p, q) AS (VALUES (1, 'x'), (2, 'y')) SELECT q FROM a WHERE p = 2;
--> q
--> y

WITH a(p, q, r) AS (SELECT 1, 2) SELECT * FROM a;
--! 42P10: WITH query "a" has 2 columns available but 3 columns specified

WITH a(p) AS (SELECT 1, 2) SELECT * FROM a;
--> p | ?column?
--> 1 | 2

WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a;
--! 42712: WITH query name "a" specified more than once

WITH b AS (SELECT * FROM a), a AS (SELECT 1) SELECT * FROM b;
--! 42P01: relation "a" does not exist

CREATE TABLE shadow (x TEXT);

INSERT INTO shadow VALUES ('table');

WITH shadow AS (SELECT 'cte' AS x) SELECT x FROM shadow;
--> x
--> cte

WITH shadow AS (SELECT x || ' inside' AS x FROM shadow) SELECT x FROM shadow;
--> x
--> table inside

SELECT (WITH s AS (SELECT 5 AS n) SELECT n FROM s) AS in_an_expression;
--> in_an_expression
--> 5

WITH a AS (SELECT 1 AS x) SELECT * FROM (WITH a AS (SELECT 2 AS x) SELECT * FROM a) AS inner_one, a;
--> x | x
--> 2 | 1

WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT * FROM a;
--> x
--> 1

WITH a AS NOT MATERIALIZED (SELECT 1 AS x) SELECT * FROM a, a AS b;
--> x | x
--> 1 | 1

WITH unused AS (SELECT 1 / 0) SELECT 1 AS fine;
--> fine
--> 1

WITH r AS (SELECT random() AS x) SELECT (SELECT x FROM r) = (SELECT x FROM r) AS once;
--> once
--> t
