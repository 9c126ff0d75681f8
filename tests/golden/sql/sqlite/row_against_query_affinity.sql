-- A row against a query: values are compared as its columns are
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a INTEGER, b TEXT);

INSERT INTO t VALUES (100, 'x');

SELECT ('15', 1) < (SELECT a, b FROM t), (15, 1) < (SELECT b, a FROM t), ('100', 'x') = (SELECT a, b FROM t);
--> ('15', 1) < (SELECT a, b FROM t) | (15, 1) < (SELECT b, a FROM t) | ('100', 'x') = (SELECT a, b FROM t)
--> 1 | 1 | 1

SELECT ('15', 1) < (SELECT a + 0, b FROM t);
--> ('15', 1) < (SELECT a + 0, b FROM t)
--> 0
