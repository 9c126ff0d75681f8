-- A transaction that makes a table, fills it, and takes all of it back
-- oracle: postgres
-- chapter: transactions

BEGIN;

CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);

INSERT INTO a VALUES (1, 'one');

SAVEPOINT s;

ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 5;

SELECT * FROM a;
--> id | x | y
--> 1 | one | 5

ROLLBACK TO s;

SELECT * FROM a;
--> id | x
--> 1 | one

ROLLBACK TO s;

CREATE VIEW v AS SELECT upper(x) AS up FROM a;

SELECT * FROM v;
--> up
--> ONE

ROLLBACK;

SELECT * FROM a;
--! 42P01: relation "a" does not exist

SELECT * FROM v;
--! 42P01: relation "v" does not exist

BEGIN;

CREATE TABLE a (id INTEGER PRIMARY KEY);

INSERT INTO a VALUES (1), (1);
--! 23505: duplicate key value violates unique constraint "a_pkey"

COMMIT;

SELECT * FROM a;
--! 42P01: relation "a" does not exist

BEGIN;

CREATE TABLE a (id INTEGER PRIMARY KEY);

INSERT INTO a VALUES (1);

COMMIT;

BEGIN;

TRUNCATE a;

SELECT count(*) FROM a;
--> count
--> 0

ROLLBACK;

SELECT count(*) FROM a;
--> count
--> 1

BEGIN;

DROP TABLE a;

CREATE TABLE a (word TEXT);

INSERT INTO a VALUES ('other');

SELECT * FROM a;
--> word
--> other

ROLLBACK;

SELECT * FROM a;
--> id
--> 1
