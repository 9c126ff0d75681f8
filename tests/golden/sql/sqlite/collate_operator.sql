-- COLLATE, and which collation decides
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT COLLATE NOCASE, c TEXT COLLATE RTRIM);

INSERT INTO t VALUES (1, 'x', 'X', 'x '), (2, 'X', 'x', 'x'), (3, 'y', 'Y', 'y  ');

SELECT a = b, b = a, a = b COLLATE BINARY, c = 'x' FROM t ORDER BY id;
--> a = b | b = a | a = b COLLATE BINARY | c = 'x'
--> 0 | 1 | 0 | 1
--> 0 | 1 | 0 | 1
--> 0 | 1 | 0 | 0

SELECT a FROM t WHERE a = 'X' COLLATE NOCASE ORDER BY a;
--> a
--> X
--> x

SELECT b FROM t WHERE b = 'x' ORDER BY a;
--> b
--> x
--> X

SELECT a FROM t ORDER BY a COLLATE NOCASE, a;
--> a
--> X
--> x
--> y

SELECT DISTINCT b FROM t ORDER BY b;
--> b
--> X
--> Y

SELECT b, count(*) FROM t GROUP BY b ORDER BY b;
--> b | count(*)
--> X | 2
--> Y | 1

SELECT count(DISTINCT a COLLATE NOCASE) AS folded, count(DISTINCT c) AS trimmed FROM t;
--> folded | trimmed
--> 2 | 2

SELECT max(b), min(a COLLATE NOCASE) FROM t;
--> max(b) | min(a COLLATE NOCASE)
--> Y | x

SELECT 'a' = 'A' COLLATE NOCASE, 'a' COLLATE NOCASE = 'A', 'a ' = 'a' COLLATE RTRIM, 'é' = 'É' COLLATE NOCASE;
--> 'a' = 'A' COLLATE NOCASE | 'a' COLLATE NOCASE = 'A' | 'a ' = 'a' COLLATE RTRIM | 'é' = 'É' COLLATE NOCASE
--> 1 | 1 | 1 | 0

SELECT 'a' COLLATE NOCASE IN ('A'), 'b' BETWEEN 'A' AND 'C' COLLATE NOCASE;
--> 'a' COLLATE NOCASE IN ('A') | 'b' BETWEEN 'A' AND 'C' COLLATE NOCASE
--> 1 | 1

SELECT 'a' COLLATE no_such = 'a';
--! no such collation sequence: no_such

SELECT a FROM t UNION SELECT b FROM t ORDER BY 1 COLLATE NOCASE;
--> a
--> X
--> x
--> Y
--> y
--~> a
--~> x
--~> X
--~> y
--~> Y

CREATE UNIQUE INDEX t_b ON t (a COLLATE NOCASE);
--! UNIQUE constraint failed: t.a
