-- CREATE, ALTER and DROP inside of transactions
-- oracle: postgres
-- chapter: definitions

BEGIN;

CREATE TABLE made (id INTEGER PRIMARY KEY, name TEXT);

INSERT INTO made VALUES (1, 'one'), (2, 'two');

CREATE VIEW names AS SELECT name FROM made;

SELECT name FROM names ORDER BY name;
--> name
--> one
--> two

ROLLBACK;

SELECT * FROM made;
--! 42P01: relation "made" does not exist

SELECT * FROM names;
--! 42P01: relation "names" does not exist

BEGIN;

CREATE TABLE made (id INTEGER PRIMARY KEY, name TEXT);

INSERT INTO made VALUES (1, 'one'), (2, 'two');

CREATE TABLE child (id INTEGER PRIMARY KEY, made_id INTEGER REFERENCES made);

CREATE INDEX by_made ON child (made_id);

INSERT INTO child VALUES (10, 1);

INSERT INTO child VALUES (11, 3);
--! 23503: insert or update on table "child" violates foreign key constraint "child_made_id_fkey"

ROLLBACK;

BEGIN;

CREATE TABLE made (id INTEGER PRIMARY KEY, name TEXT);

ALTER TABLE made ADD COLUMN note TEXT DEFAULT 'none';

ALTER TABLE made ADD CONSTRAINT short CHECK (length(name) < 9);

INSERT INTO made VALUES (1, 'one'), (2, 'two');

CREATE VIEW names AS SELECT name FROM made;

COMMENT ON TABLE made IS 'made in a transaction';

COMMIT;

SELECT * FROM made ORDER BY id;
--> id | name | note
--> 1 | one | none
--> 2 | two | none

SELECT * FROM names ORDER BY name;
--> name
--> one
--> two

INSERT INTO made VALUES (3, 'far too long');
--! 23514: new row for relation "made" violates check constraint "short"

BEGIN;

SAVEPOINT s;

CREATE TABLE other (x INTEGER);

INSERT INTO other VALUES (1);

ROLLBACK TO s;

SELECT * FROM other;
--! 42P01: relation "other" does not exist

ROLLBACK TO s;

CREATE TABLE other (y INTEGER);

INSERT INTO other VALUES (2);

COMMIT;

SELECT * FROM other;
--> y
--> 2

BEGIN;

DROP VIEW names;

DROP TABLE made;

SELECT * FROM made;
--! 42P01: relation "made" does not exist

ROLLBACK;

SELECT name FROM names ORDER BY name;
--> name
--> one
--> two

BEGIN;

DROP TABLE other;

COMMIT;

SELECT * FROM other;
--! 42P01: relation "other" does not exist

BEGIN;

ALTER TABLE made ADD COLUMN extra INTEGER DEFAULT 7;

SELECT extra FROM made ORDER BY id;
--> extra
--> 7
--> 7

ROLLBACK;

SELECT * FROM made ORDER BY id;
--> id | name | note
--> 1 | one | none
--> 2 | two | none

BEGIN;

ALTER TABLE made ADD COLUMN extra INTEGER DEFAULT 7;

ALTER TABLE made ALTER COLUMN extra DROP DEFAULT;

COMMIT;

INSERT INTO made (id, name) VALUES (4, 'four');

SELECT id, extra FROM made ORDER BY id;
--> id | extra
--> 1 | 7
--> 2 | 7
--> 4 | NULL

BEGIN;

CREATE UNIQUE INDEX by_name ON made (name);

ROLLBACK;

INSERT INTO made (id, name) VALUES (5, 'four');

BEGIN;

TRUNCATE made;

SELECT count(*) FROM made;
--> count
--> 0

ROLLBACK;

SELECT count(*) FROM made;
--> count
--> 4

BEGIN;

TRUNCATE made;

INSERT INTO made VALUES (9, 'nine');

COMMIT;

SELECT id, name FROM made;
--> id | name
--> 9 | nine

BEGIN;

CREATE TYPE mood AS ENUM ('sad', 'happy');

CREATE TABLE person (name TEXT, feels mood);

INSERT INTO person VALUES ('Ann', 'happy');

COMMIT;

SELECT * FROM person;
--> name | feels
--> Ann | happy

BEGIN;

CREATE TABLE copied AS SELECT id, name FROM made;

SELECT * FROM copied;
--> id | name
--> 9 | nine

COMMIT;

SELECT * FROM copied;
--> id | name
--> 9 | nine

BEGIN;

CREATE TABLE again (x INTEGER);

DROP TABLE again;

COMMIT;

SELECT * FROM again;
--! 42P01: relation "again" does not exist

BEGIN;

CREATE TABLE copied (x INTEGER);
--! 42P07: relation "copied" already exists

ROLLBACK;
