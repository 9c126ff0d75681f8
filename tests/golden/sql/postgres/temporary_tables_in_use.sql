-- Temporary tables: hiding others, ending with a transaction, keys and joins
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (x INTEGER);

INSERT INTO t VALUES (1);

CREATE TEMPORARY TABLE t (x TEXT, y TEXT);

INSERT INTO t VALUES ('temporary', 'one');

SELECT * FROM t;
--> x | y
--> temporary | one

SELECT count(*) AS letters FROM t WHERE x LIKE 'tem%';
--> letters
--> 1

DROP TABLE t;

SELECT * FROM t;
--> x
--> 1

BEGIN;

CREATE TEMP TABLE short (id INTEGER PRIMARY KEY, x INTEGER) ON COMMIT DROP;

INSERT INTO short SELECT n, n * 2 FROM generate_series(1, 3) AS n;

SELECT sum(short.x) FROM short JOIN t ON t.x = short.id;
--> sum
--> 2

COMMIT;

SELECT * FROM short;
--! 42P01: relation "short" does not exist

CREATE TEMP TABLE emptied (x INTEGER) ON COMMIT DELETE ROWS;

BEGIN;

INSERT INTO emptied VALUES (1), (2);

SELECT count(*) FROM emptied;
--> count
--> 2

COMMIT;

SELECT count(*) FROM emptied;
--> count
--> 0

INSERT INTO emptied VALUES (3);

SELECT count(*) FROM emptied;
--> count
--> 0

CREATE TEMP TABLE kept AS SELECT x + 1 AS y FROM t;

UPDATE kept SET y = y * 10 RETURNING y;
--> y
--> 20

CREATE TABLE child (id INTEGER REFERENCES kept);
--! 42P16: constraints on permanent tables may reference only permanent tables
--~! 42704: there is no primary key for referenced table "kept"

CREATE TEMP TABLE public.wrong (x INTEGER);
--! 42P16: cannot create temporary relation in non-temporary schema
