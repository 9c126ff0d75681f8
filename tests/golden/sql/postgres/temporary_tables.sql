-- Temporary tables
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (x INTEGER);

INSERT INTO t VALUES (1);

CREATE TEMP TABLE t (x INTEGER);

SELECT count(*) FROM t;
--> count
--> 0

INSERT INTO t VALUES (2), (3);

SELECT x FROM t ORDER BY x;
--> x
--> 2
--> 3

SELECT x FROM pg_temp.t ORDER BY x;
--> x
--> 2
--> 3

DROP TABLE t;

SELECT x FROM t;
--> x
--> 1

CREATE TEMPORARY TABLE kept (x INTEGER) ON COMMIT DELETE ROWS;

BEGIN;

INSERT INTO kept VALUES (1), (2);

SELECT count(*) FROM kept;
--> count
--> 2

COMMIT;

SELECT count(*) FROM kept;
--> count
--> 0

BEGIN;

CREATE TEMP TABLE gone (x INTEGER) ON COMMIT DROP;

INSERT INTO gone VALUES (1);

SELECT x FROM gone;
--> x
--> 1

COMMIT;

SELECT x FROM gone;
--! 42P01: relation "gone" does not exist

BEGIN;

CREATE TEMP TABLE undone (x INTEGER);

ROLLBACK;

SELECT x FROM undone;
--! 42P01: relation "undone" does not exist

CREATE TEMP TABLE made AS SELECT x * 10 AS ten FROM t;

SELECT ten FROM made;
--> ten
--> 10

CREATE TEMP TABLE IF NOT EXISTS made (x INTEGER);

CREATE TEMP TABLE made (x INTEGER);
--! 42P07: relation "made" already exists

CREATE INDEX made_ten ON made (ten);

SELECT ten FROM made WHERE ten = 10;
--> ten
--> 10

CREATE TABLE pg_temp.explicit (x INTEGER);

SELECT count(*) FROM explicit;
--> count
--> 0

DISCARD TEMP;

SELECT ten FROM made;
--! 42P01: relation "made" does not exist
