-- What an output column is called
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a INTEGER, B TEXT);

INSERT INTO t VALUES (1, 'x');

SELECT a, b, A, t.a, T.b, "a", [a], `a` FROM t;
--> a | B | a | a | B | a | a | a
--> 1 | x | 1 | 1 | x | 1 | 1 | 1

SELECT a + 1, a+1, - a, a AS x, a 'quoted', a "double" FROM t;
--> a + 1 | a+1 | - a | x | quoted | double
--> 2 | 2 | -1 | 1 | 1 | 1

SELECT count(*), max(a), upper( b ), CAST(a AS TEXT) FROM t;
--> count(*) | max(a) | upper( b ) | CAST(a AS TEXT)
--> 1 | 1 | X | 1

SELECT 1, 'x', NULL, 1.50, x'00', TRUE;
--> 1 | 'x' | NULL | 1.50 | x'00' | TRUE
--> 1 | x | NULL | 1.5 | x'00' | 1

SELECT (SELECT a FROM t), EXISTS (SELECT 1), CASE WHEN 1 THEN 2 END;
--> (SELECT a FROM t) | EXISTS (SELECT 1) | CASE WHEN 1 THEN 2 END
--> 1 | 1 | 2

SELECT * FROM (SELECT a + 1, count(*) FROM t);
--> a + 1 | count(*)
--> 2 | 1

SELECT s.* FROM (SELECT a AS z, b FROM t) AS s;
--> z | b
--> 1 | x
--~> z | B
--~> 1 | x

SELECT a, a FROM t;
--> a | a
--> 1 | 1

SELECT * FROM t JOIN t AS u;
--> a | B | a | B
--> 1 | x | 1 | x

WITH c(p) AS (SELECT a FROM t) SELECT p, P FROM c;
--> p | p
--> 1 | 1
