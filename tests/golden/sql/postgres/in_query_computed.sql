-- IN of a query that computes what it gives of columns around it
-- oracle: postgres
-- chapter: expressions

CREATE TABLE t (a text, n integer);

INSERT INTO t VALUES ('x', 1), ('y', 2);

SELECT count(*) FROM t AS s WHERE a IN (SELECT s.a || '' FROM t);
--> count
--> 2

SELECT count(*) FROM t AS s WHERE n::bigint IN (SELECT s.n + 0 FROM t);
--> count
--> 2

SELECT count(*) FROM t AS s WHERE n::numeric IN (SELECT s.n + 0 FROM t WHERE t.n <= s.n);
--> count
--> 2
