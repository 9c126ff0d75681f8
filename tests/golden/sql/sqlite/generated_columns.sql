-- Generated columns, stored and virtual
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (a INTEGER, b INTEGER, s INTEGER GENERATED ALWAYS AS (a + b) STORED, v TEXT AS ('n' || a) VIRTUAL, w AS (a * 2));

INSERT INTO t (a, b) VALUES (1, 2), (NULL, 1);

SELECT * FROM t ORDER BY a;
--> a | b | s | v | w
--> NULL | 1 | NULL | NULL | NULL
--> 1 | 2 | 3 | n1 | 2

INSERT INTO t (s) VALUES (1);
--! cannot INSERT into generated column "s"

INSERT INTO t VALUES (5, 6) RETURNING s, v, w;
--> s | v | w
--> 11 | n5 | 10

UPDATE t SET b = 10 WHERE a = 1 RETURNING s;
--> s
--> 11

UPDATE t SET v = 'x';
--! cannot UPDATE generated column "v"

SELECT name, hidden FROM pragma_table_xinfo('t') ORDER BY cid;
--> name | hidden
--> a | 0
--> b | 0
--> s | 3
--> v | 2
--> w | 2
--~> name | hidden
--~> a | 0
--~> b | 0
--~> s | 3
--~> v | 3
--~> w | 3

SELECT name FROM pragma_table_info('t') ORDER BY cid;
--> name
--> a
--> b

CREATE INDEX t_w ON t (w);

SELECT a FROM t WHERE w = 10;
--> a
--> 5

CREATE TABLE bad (a AS (1));
--! must have at least one non-generated column

CREATE TABLE bad_loop (a, b AS (c), c AS (b));
--! generated column loop on "c"

CREATE TABLE bad_query (a, b AS (SELECT 1));
--! near "SELECT": syntax error
--~! near "1": syntax error

CREATE TABLE bad_random (a, b AS (random()));
--! non-deterministic functions prohibited in generated columns

CREATE TABLE chain (a INTEGER, b AS (a + 1), c AS (b + 1) STORED);

INSERT INTO chain VALUES (1);

SELECT * FROM chain;
--> a | b | c
--> 1 | 2 | 3

ALTER TABLE chain ADD COLUMN d AS (a * 10);

SELECT d FROM chain;
--> d
--> 10

ALTER TABLE chain ADD COLUMN e AS (a * 10) STORED;
--! cannot add a STORED column
