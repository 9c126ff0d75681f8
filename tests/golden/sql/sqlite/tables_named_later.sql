-- WITH that names what follows, and columns of joins and queries that share a name
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (x INTEGER, k INTEGER, y TEXT);

CREATE TABLE b (z TEXT, k INTEGER, y TEXT);

INSERT INTO a VALUES (1, 10, 'ay'), (2, 20, 'same'), (3, NULL, 'an');

INSERT INTO b VALUES ('bz', 10, 'by'), ('bs', 20, 'same'), ('bn', 30, 'bn');

WITH q AS (SELECT n FROM r), r AS (SELECT n + 1 AS n FROM s), s AS (SELECT 5 AS n) SELECT * FROM q, r, s;
--> n | n | n
--> 6 | 6 | 5

WITH o AS (SELECT * FROM a), a AS (SELECT 7 AS seven) SELECT * FROM o;
--> seven
--> 7

WITH q AS (SELECT n FROM r), r AS (SELECT n FROM q) SELECT * FROM q;
--! circular reference: q

WITH RECURSIVE up AS (SELECT n FROM first UNION ALL SELECT n + 1 FROM up WHERE n < 4), first AS (SELECT 2 AS n) SELECT n FROM up ORDER BY n;
--> n
--> 2
--> 3
--> 4

WITH b AS (SELECT 1 AS one), c AS (SELECT one + 1 AS two FROM b) SELECT * FROM b, c;
--> one | two
--> 1 | 2

WITH t AS (SELECT x, x, x, x AS "x:1" FROM a) SELECT * FROM t ORDER BY 1;
--> x | x:1 | x:2 | x:3
--> 1 | 1 | 1 | 1
--> 2 | 2 | 2 | 2
--> 3 | 3 | 3 | 3

WITH t(p, p) AS (SELECT x, y FROM a) SELECT p FROM t ORDER BY p;
--> p
--> 1
--> 2
--> 3

CREATE VIEW v (m, m) AS SELECT x, y FROM a;

SELECT * FROM v ORDER BY 1;
--> m | m:1
--> 1 | ay
--> 2 | same
--> 3 | an

CREATE TABLE made AS SELECT a.y, b.y, b.y AS Y FROM a, b;

SELECT * FROM made ORDER BY 1, 2 LIMIT 2;
--> y | y:1 | Y:2
--> an | bn | bn
--> an | by | by

SELECT "y:1" AS second FROM made ORDER BY 1 LIMIT 1;
--> second
--> bn

SELECT * FROM (SELECT x AS X, y AS x FROM a) ORDER BY 1;
--> X | x:1
--> 1 | ay
--> 2 | same
--> 3 | an

SELECT * FROM (SELECT * FROM a, b, b c WHERE a.k = b.k AND b.k = c.k) ORDER BY x;
--> x | k | y | z | k:1 | y:1 | z:1 | k:2 | y:2
--> 1 | 10 | ay | bz | 10 | by | bz | 10 | by
--> 2 | 20 | same | bs | 20 | same | bs | 20 | same

SELECT * FROM a JOIN b ON a.k = b.k JOIN b c USING (z) ORDER BY x;
--> x | k | y | z | k | y | k | y
--> 1 | 10 | ay | bz | 10 | by | 10 | by
--> 2 | 20 | same | bs | 20 | same | 20 | same

SELECT * FROM a JOIN (b JOIN b c USING (k)) USING (k) ORDER BY x;
--> x | k | y | z | y | z:1 | y:1
--> 1 | 10 | ay | bz | by | bz | by
--> 2 | 20 | same | bs | same | bs | same
