-- MATERIALIZED and NOT MATERIALIZED, names that hide others, several uses
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (x INTEGER);

INSERT INTO t VALUES (1), (2), (3);

WITH m AS MATERIALIZED (SELECT x * 10 AS y FROM t) SELECT sum(y) FROM m;
--> sum(y)
--> 60

WITH m AS NOT MATERIALIZED (SELECT x * 10 AS y FROM t) SELECT a.y, b.y AS other FROM m a JOIN m b ON a.y < b.y ORDER BY 1, 2;
--> y | other
--> 10 | 20
--> 10 | 30
--> 20 | 30

WITH t AS (SELECT 99 AS x) SELECT x FROM t;
--> x
--> 99

WITH t AS (SELECT x + 1 AS x FROM main.t) SELECT x FROM t ORDER BY x;
--> x
--> 2
--> 3
--> 4

WITH a AS (SELECT 1 AS n), b AS (SELECT n + 1 AS n FROM a), c AS (SELECT n + 1 AS n FROM b) SELECT a.n, b.n, c.n FROM a, b, c;
--> n | n | n
--> 1 | 2 | 3

WITH a AS (SELECT n FROM b), b AS (SELECT 5 AS n) SELECT n FROM a;
--> n
--> 5

WITH a (p, q) AS (SELECT 1, 2) SELECT p + q AS sum FROM a;
--> sum
--> 3

WITH a (p) AS (SELECT 1, 2) SELECT p FROM a;
--! table a has 2 values for 1 columns

WITH a AS (SELECT 1 AS n), a AS (SELECT 2 AS n) SELECT n FROM a;
--! duplicate WITH table name: a

SELECT x, (WITH w AS (SELECT t.x * 2 AS d) SELECT d FROM w) AS doubled FROM t ORDER BY x;
--> x | doubled
--> 1 | 2
--> 2 | 4
--> 3 | 6

WITH o AS (SELECT 1 AS n) SELECT (WITH o AS (SELECT 2 AS n) SELECT n FROM o) AS inner_one, n AS outer_one FROM o;
--> inner_one | outer_one
--> 2 | 1

WITH unused AS (SELECT x FROM nowhere) SELECT 1 AS one;
--> one
--> 1

WITH src AS (SELECT max(x) + 1 AS x FROM t) INSERT INTO t SELECT x FROM src RETURNING x;
--> x
--> 4

WITH big AS (SELECT x FROM t WHERE x > 2) UPDATE t SET x = -x WHERE x IN (SELECT x FROM big);

SELECT x FROM t ORDER BY x;
--> x
--> -4
--> -3
--> 1
--> 2

WITH neg AS (SELECT x FROM t WHERE x < 0) DELETE FROM t WHERE x IN neg;

WITH neg AS (SELECT x FROM t WHERE x < 0) DELETE FROM t WHERE x IN (SELECT x FROM neg);

SELECT x FROM t ORDER BY x;
--> x
--> 1
--> 2

WITH a AS (VALUES (1, 'one'), (2, 'two')) SELECT column1, column2 FROM a ORDER BY 1;
--> column1 | column2
--> 1 | one
--> 2 | two

CREATE VIEW v AS WITH d AS (SELECT x * 2 AS y FROM t) SELECT y FROM d;

SELECT sum(y) FROM v;
--> sum(y)
--> 6
