-- What a view computes is compared as an expression, what it hands on as its column
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (a INTEGER, b TEXT, c BLOB);

INSERT INTO t VALUES (1, 'A', 1), (2, ' a', '1'), (3, '', NULL);

CREATE VIEW v (made, b, c) AS SELECT a * 485.0, b, c FROM t;

SELECT made, b, made >= b, made < c, b > c FROM v ORDER BY made;
--> made | b | made >= b | made < c | b > c
--> 485.0 | A | 0 | 0 | 1
--> 970.0 |  a | 1 | 1 | 0
--> 1455.0 |  | 1 | NULL | NULL

SELECT count(*) FROM v WHERE made >= b;
--> count(*)
--> 2

SELECT x, x = '1', x = 1 FROM (SELECT b AS x FROM t UNION ALL SELECT a FROM t) ORDER BY x;
--> x | x = '1' | x = 1
--> 1 | 0 | 1
--> 2 | 0 | 0
--> 3 | 0 | 0
-->  | 0 | 0
-->  a | 0 | 0
--> A | 0 | 0

SELECT q.x > t.b, q.y > t.b FROM (SELECT a + 0 AS x, c AS y FROM t) AS q JOIN t ON t.a = 1 ORDER BY q.x;
--> q.x > t.b | q.y > t.b
--> 0 | 0
--> 0 | 0
--> 0 | NULL

CREATE TABLE u (n INTEGER, w TEXT, x);

INSERT INTO u VALUES (1, '1.0', '1'), (2, '2', 2), (3, 'A', 'A');

SELECT n, w, w IN (SELECT n FROM u), n IN (SELECT w FROM u), x IN (SELECT w FROM u), w IN (SELECT x FROM u), x IN (SELECT n FROM u), n IN (SELECT x FROM u), w IN (SELECT n + 0 FROM u), n + 0 IN (SELECT w FROM u) FROM u ORDER BY n;
--> n | w | w IN (SELECT n FROM u) | n IN (SELECT w FROM u) | x IN (SELECT w FROM u) | w IN (SELECT x FROM u) | x IN (SELECT n FROM u) | n IN (SELECT x FROM u) | w IN (SELECT n + 0 FROM u) | n + 0 IN (SELECT w FROM u)
--> 1 | 1.0 | 1 | 1 | 0 | 0 | 1 | 1 | 0 | 0
--> 2 | 2 | 1 | 1 | 0 | 0 | 1 | 1 | 1 | 1
--> 3 | A | 0 | 0 | 1 | 1 | 0 | 0 | 0 | 0
