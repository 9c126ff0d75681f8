-- WITH in WITH, in subqueries, in changes; names that hide tables and each other
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (x INTEGER);

INSERT INTO t VALUES (1), (2), (3);

WITH a AS (SELECT x FROM t WHERE x > 1), b AS (SELECT x * 10 AS y FROM a), c AS (SELECT sum(y) AS s FROM b) SELECT s FROM c;
--> s
--> 50

WITH t AS (SELECT 99 AS x) SELECT x FROM t;
--> x
--> 99

WITH a AS (WITH b AS (SELECT 5 AS n) SELECT n + 1 AS n FROM b) SELECT n FROM a;
--> n
--> 6

WITH a AS (WITH b AS (SELECT 5 AS n) SELECT n FROM b) SELECT n FROM b;
--! 42P01: relation "b" does not exist

WITH a AS (SELECT 1 AS n) SELECT n, (WITH a AS (SELECT 2 AS n) SELECT n FROM a) AS hidden, (SELECT n FROM a) AS again FROM a;
--> n | hidden | again
--> 1 | 2 | 1

SELECT x, (WITH s AS (SELECT t.x * 2 AS d) SELECT d FROM s) AS doubled FROM t ORDER BY x;
--> x | doubled
--> 1 | 2
--> 2 | 4
--> 3 | 6

SELECT * FROM (WITH s AS (SELECT x FROM t ORDER BY x DESC LIMIT 1) SELECT x FROM s) AS q;
--> x
--> 3

SELECT x FROM t WHERE x IN (WITH s AS (SELECT max(x) AS m FROM t) SELECT m FROM s);
--> x
--> 3

WITH a AS (SELECT x FROM t) (WITH a AS (SELECT 7 AS x) SELECT x FROM a) UNION ALL SELECT max(x) FROM a ORDER BY 1;
--> x
--> 3
--> 7

WITH a (p, q) AS (SELECT x, x * x FROM t), b (p) AS (SELECT sum(q) FROM a) SELECT a.p, b.p AS total FROM a, b ORDER BY 1;
--> p | total
--> 1 | 14
--> 2 | 14
--> 3 | 14

WITH b AS (SELECT n FROM a), a AS (SELECT 1 AS n) SELECT n FROM b;
--! 42P01: relation "a" does not exist

WITH RECURSIVE b AS (SELECT n FROM a), a AS (SELECT 1 AS n) SELECT n FROM b;
--> n
--> 1
--~! 42P01: relation "a" does not exist

WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a;
--! 42712: WITH query name "a" specified more than once

WITH a AS (SELECT x FROM t) SELECT count(*) FROM a AS one JOIN a AS two ON one.x < two.x;
--> count
--> 3

WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 3), pairs AS (SELECT a.n AS p, b.n AS q FROM up a, up b WHERE a.n < b.n) SELECT * FROM pairs ORDER BY p, q;
--> p | q
--> 1 | 2
--> 1 | 3
--> 2 | 3

WITH RECURSIVE a (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 3), b (n) AS (SELECT n * 10 FROM a UNION ALL SELECT n + 1 FROM b WHERE n % 10 < 1) SELECT n FROM b ORDER BY n;
--> n
--> 10
--> 11
--> 20
--> 21
--> 30
--> 31

WITH ins AS (INSERT INTO t VALUES (4), (5) RETURNING x), agg AS (SELECT sum(x) AS s FROM ins) SELECT s FROM agg;
--> s
--> 9

WITH d AS (SELECT x FROM t WHERE x > 3) DELETE FROM t USING d WHERE t.x = d.x;

WITH m AS (SELECT max(x) AS m FROM t) UPDATE t SET x = x + m FROM m WHERE x = 1;

SELECT x FROM t ORDER BY x;
--> x
--> 2
--> 3
--> 4

WITH v AS (VALUES (1, 'one'), (2, 'two')) SELECT column2 FROM v WHERE column1 = 2;
--> column2
--> two

WITH n AS NOT MATERIALIZED (SELECT x FROM t), m AS MATERIALIZED (SELECT x FROM t) SELECT count(*) FROM n JOIN m USING (x);
--> count
--> 3

CREATE TABLE made AS WITH s AS (SELECT x, x * 2 AS y FROM t) SELECT * FROM s;

SELECT count(*), sum(y) FROM made;
--> count | sum
--> 3 | 18

CREATE VIEW v AS WITH s AS (SELECT max(x) AS top FROM t) SELECT top FROM s;

SELECT top FROM v;
--> top
--> 4

INSERT INTO made WITH s AS (SELECT 0 AS a, 0 AS b) SELECT a, b FROM s RETURNING *;
--> x | y
--> 0 | 0
