-- WITH: names, materialization, recursion
-- oracle: sqlite
-- chapter: queries

WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT * FROM a, b;
--> x | x
--> 1 | 2

WITH a(p, q) AS (VALUES (1, 2), (3, 4)) SELECT q FROM a ORDER BY p DESC;
--> q
--> 4
--> 2

WITH a(p) AS (SELECT 1, 2) SELECT * FROM a;
--! table a has 2 values for 1 columns

WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a;
--! duplicate WITH table name: a

WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT 2 AS y) SELECT * FROM a, b;
--> x | y
--> 1 | 2

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT group_concat(i) FROM n;
--> group_concat(i)
--> 1,2,3,4,5

WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4) SELECT sum(i) FROM n;
--> sum(i)
--> 10

WITH RECURSIVE fib(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM fib WHERE b < 100) SELECT group_concat(a, ' ') FROM fib;
--> group_concat(a, ' ')
--> 0 1 1 2 3 5 8 13 21 34 55 89

WITH n(i) AS (SELECT 1 UNION SELECT i % 3 + 1 FROM n) SELECT i FROM n ORDER BY i;
--> i
--> 1
--> 2
--> 3

CREATE TABLE org (name TEXT, boss TEXT);

INSERT INTO org VALUES ('ada', NULL), ('bob', 'ada'), ('cyd', 'ada'), ('dan', 'bob');

WITH under(name, level) AS (VALUES ('ada', 0) UNION ALL SELECT org.name, level + 1 FROM org JOIN under ON org.boss = under.name ORDER BY 2 DESC) SELECT substr('....', 1, level) || name FROM under;
--> substr('....', 1, level) || name
--> ada
--> .bob
--> ..dan
--> .cyd

WITH t AS (SELECT * FROM org) SELECT count(*) FROM t WHERE boss IS NULL;
--> count(*)
--> 1

WITH unused AS (SELECT no_such FROM nowhere) SELECT 1;
--> 1
--> 1

WITH n(i) AS (SELECT i FROM n) SELECT * FROM n;
--! circular reference: n

WITH x AS (SELECT 'e' AS name) INSERT INTO org SELECT name, 'ada' FROM x RETURNING name;
--> name
--> e

WITH x AS (SELECT 'e' AS n) DELETE FROM org WHERE name IN (SELECT n FROM x) RETURNING *;
--> name | boss
--> e | ada

WITH x AS (SELECT 'dan' AS n) UPDATE org SET boss = 'cyd' WHERE name = (SELECT n FROM x) RETURNING *;
--> name | boss
--> dan | cyd
