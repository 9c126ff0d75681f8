-- Columns of numbers with a collation, and in functions of texts
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (a INTEGER COLLATE NOCASE, b REAL COLLATE RTRIM, c TEXT COLLATE NOCASE);

INSERT INTO t VALUES (1, 1.5, 'x'), (20, 2.5, 'X'), (NULL, NULL, 'y');

CREATE INDEX by_a ON t (a COLLATE NOCASE DESC, lower(a));

CREATE INDEX by_both ON t (upper(a) || c, length(a));

SELECT a FROM t WHERE c = 'X' ORDER BY a COLLATE NOCASE;
--> a
--> 1
--> 20

SELECT c FROM t WHERE lower(a) = '20';
--> c
--> X

SELECT a FROM t WHERE length(a) = 1;
--> a
--> 1

CREATE TABLE checked (a INTEGER CHECK (length(a) < 3));

INSERT INTO checked VALUES (12);

INSERT INTO checked VALUES (123);
--! CHECK constraint failed: length(a) < 3

SELECT a FROM checked;
--> a
--> 12
