-- Migrations: definitions and changes of rows in one transaction
-- oracle: sqlite
-- chapter: definitions

BEGIN;

CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT);

INSERT INTO a (name) VALUES ('one'), ('two');

CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id), note TEXT);

INSERT INTO b (a_id) SELECT id FROM a WHERE name = 'two';

ALTER TABLE a ADD COLUMN amount INTEGER DEFAULT 5;

CREATE INDEX by_name ON a (name);

UPDATE a SET amount = 6 WHERE name = 'two';

SELECT name, amount FROM a ORDER BY name;
--> name | amount
--> one | 5
--> two | 6

COMMIT;

SELECT name, amount FROM a ORDER BY name;
--> name | amount
--> one | 5
--> two | 6

SELECT count(*) FROM b JOIN a ON a.id = a_id;
--> count(*)
--> 1

BEGIN;

CREATE TABLE c (x INTEGER);

INSERT INTO c VALUES (1);

SAVEPOINT s;

CREATE TABLE d (x INTEGER);

INSERT INTO d SELECT x FROM c;

ALTER TABLE d ADD COLUMN y TEXT DEFAULT 'y';

SELECT * FROM d;
--> x | y
--> 1 | y

ROLLBACK TO s;

SELECT * FROM d;
--! no such table: d

CREATE TABLE d (z INTEGER);

SELECT * FROM c;
--> x
--> 1

DROP TABLE b;

COMMIT;

SELECT * FROM d;
--> z

SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name;
--> name
--> a
--> c
--> d

BEGIN;

SELECT count(*) FROM a;
--> count(*)
--> 2

CREATE TABLE e (x INTEGER);

DROP INDEX by_name;

CREATE VIEW v AS SELECT name FROM a;

INSERT INTO e SELECT count(*) FROM v;

ROLLBACK;

SELECT * FROM e;
--! no such table: e

SELECT name FROM sqlite_schema WHERE type IN ('view', 'index') ORDER BY name;
--> name
--> by_name

-- A table is made anew with other columns, as programs do where ALTER TABLE does not go as far.
BEGIN;

CREATE TABLE new_a (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER);

INSERT INTO new_a SELECT id, name, amount FROM a;

DROP TABLE a;

ALTER TABLE new_a RENAME TO a;

CREATE INDEX by_name ON a (name);

SELECT name, amount FROM a ORDER BY name;
--> name | amount
--> one | 5
--> two | 6

COMMIT;

SELECT name, amount FROM a ORDER BY name;
--> name | amount
--> one | 5
--> two | 6

SELECT name FROM sqlite_schema WHERE type IN ('table', 'index') ORDER BY name;
--> name
--> a
--> by_name
--> c
--> d

BEGIN;

DROP TABLE a;

CREATE TABLE a (only_this INTEGER);

INSERT INTO a VALUES (1);

SELECT * FROM a;
--> only_this
--> 1

ROLLBACK;

SELECT name, amount FROM a ORDER BY name;
--> name | amount
--> one | 5
--> two | 6

BEGIN;

DROP TABLE a;

CREATE TABLE a (only_this INTEGER);

INSERT INTO a VALUES (1);

COMMIT;

SELECT * FROM a;
--> only_this
--> 1

BEGIN;

CREATE TABLE t (x INTEGER);

INSERT INTO t VALUES (1), (2);

COMMIT;

BEGIN;

ALTER TABLE t RENAME TO t_old;

CREATE TABLE t (x INTEGER, y TEXT DEFAULT 'y');

INSERT INTO t (x) SELECT x FROM t_old;

SELECT * FROM t ORDER BY x;
--> x | y
--> 1 | y
--> 2 | y

DROP TABLE t_old;

COMMIT;

SELECT * FROM t ORDER BY x;
--> x | y
--> 1 | y
--> 2 | y

SELECT * FROM t_old;
--! no such table: t_old

BEGIN;

ALTER TABLE t RENAME TO u;

SELECT * FROM u ORDER BY x;
--> x | y
--> 1 | y
--> 2 | y

SELECT * FROM t;
--! no such table: t

ROLLBACK;

SELECT * FROM t ORDER BY x;
--> x | y
--> 1 | y
--> 2 | y
