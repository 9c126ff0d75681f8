-- NOCASE and RTRIM
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a TEXT COLLATE NOCASE, b TEXT);

INSERT INTO t VALUES ('Abc', 'x'), ('aBC', 'X'), ('b', 'x ');

SELECT count(*) FROM t WHERE a = 'ABC';
--> count(*)
--> 2

SELECT DISTINCT lower(a) FROM t ORDER BY 1;
--> lower(a)
--> abc
--> b

SELECT b FROM t WHERE b = 'x' COLLATE RTRIM ORDER BY b;
--> b
--> x
--> x

SELECT a FROM t ORDER BY a, b;
--> a
--> aBC
--> Abc
--> b

SELECT a, count(*) FROM t GROUP BY a ORDER BY a;
--> a | count(*)
--> Abc | 2
--> b | 1
