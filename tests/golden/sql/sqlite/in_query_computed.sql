-- IN of a query that computes what it gives of columns around it
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a TEXT, n INTEGER);

INSERT INTO t VALUES ('x', 1), ('y', 2);

SELECT count(*) FROM t AS s WHERE a IN (SELECT s.a || '' FROM t);
--> count(*)
--> 2

SELECT count(*) FROM t AS s WHERE a IN (SELECT concat(s.a, NULL) FROM t WHERE t.n <= s.n);
--> count(*)
--> 2

SELECT count(*) FROM t AS s WHERE n IN (SELECT s.n + 0.0 FROM t WHERE t.a = 'x');
--> count(*)
--> 2
