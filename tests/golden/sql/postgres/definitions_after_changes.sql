-- Definitions of tables that the same transaction has put rows into
-- oracle: postgres
-- chapter: definitions

BEGIN;

CREATE TABLE parent (id int PRIMARY KEY, name text);

CREATE TABLE child (id int PRIMARY KEY, parent_id int);

INSERT INTO parent VALUES (1, 'one'), (2, 'two');

INSERT INTO child VALUES (10, 1), (11, 2);

ALTER TABLE child ADD COLUMN note text DEFAULT 'none' NOT NULL;

ALTER TABLE child ADD CONSTRAINT of_parent FOREIGN KEY (parent_id) REFERENCES parent;

CREATE UNIQUE INDEX by_name ON parent (name);

ALTER TABLE parent ADD CONSTRAINT short CHECK (length(name) < 9);

INSERT INTO child VALUES (12, 2, 'more');

UPDATE parent SET name = 'deux' WHERE id = 2;

DELETE FROM child WHERE id = 10;

ALTER TABLE parent ADD COLUMN sum int;

UPDATE parent SET sum = (SELECT count(*) FROM child WHERE parent_id = parent.id);

SELECT * FROM parent ORDER BY id;
--> id | name | sum
--> 1 | one | 0
--> 2 | deux | 2

SELECT * FROM child ORDER BY id;
--> id | parent_id | note
--> 11 | 2 | none
--> 12 | 2 | more

COMMIT;

SELECT * FROM parent ORDER BY id;
--> id | name | sum
--> 1 | one | 0
--> 2 | deux | 2

SELECT * FROM child ORDER BY id;
--> id | parent_id | note
--> 11 | 2 | none
--> 12 | 2 | more

INSERT INTO child VALUES (13, 5);
--! 23503: insert or update on table "child" violates foreign key constraint "of_parent"

INSERT INTO parent VALUES (3, 'deux');
--! 23505: duplicate key value violates unique constraint "by_name"

INSERT INTO parent VALUES (3, 'much too long');
--! 23514: new row for relation "parent" violates check constraint "short"

-- What the rows do not meet is refused.
BEGIN;

CREATE TABLE t (x int);

INSERT INTO t VALUES (1), (1), (NULL);

CREATE UNIQUE INDEX by_x ON t (x);
--! 23505: could not create unique index "by_x"

ROLLBACK;

BEGIN;

CREATE TABLE t (x int);

INSERT INTO t VALUES (1), (1), (NULL);

ALTER TABLE t ADD CONSTRAINT positive CHECK (x > 1);
--! 23514: check constraint "positive" of relation "t" is violated by some row

ROLLBACK;

BEGIN;

CREATE TABLE t (x int);

INSERT INTO t VALUES (1), (1), (NULL);

ALTER TABLE t ALTER COLUMN x SET NOT NULL;
--! 23502: column "x" of relation "t" contains null values

ROLLBACK;

SELECT * FROM t;
--! 42P01: relation "t" does not exist

-- A table that was there before gets columns and DEFAULTs.
BEGIN;

UPDATE child SET note = 'changed' WHERE id = 11;

INSERT INTO child VALUES (20, 1, 'new');

ALTER TABLE child ADD COLUMN extra int DEFAULT 7;

SELECT * FROM child ORDER BY id;
--> id | parent_id | note | extra
--> 11 | 2 | changed | 7
--> 12 | 2 | more | 7
--> 20 | 1 | new | 7

UPDATE child SET extra = 8 WHERE id = 20;

ALTER TABLE child ALTER COLUMN extra DROP DEFAULT;

INSERT INTO child VALUES (21, 1);

DELETE FROM child WHERE id = 12;

COMMIT;

SELECT * FROM child ORDER BY id;
--> id | parent_id | note | extra
--> 11 | 2 | changed | 7
--> 20 | 1 | new | 8
--> 21 | 1 | none | NULL

BEGIN;

DELETE FROM child;

ALTER TABLE child DROP COLUMN extra;

ROLLBACK;

SELECT * FROM child ORDER BY id;
--> id | parent_id | note | extra
--> 11 | 2 | changed | 7
--> 20 | 1 | new | 8
--> 21 | 1 | none | NULL

-- Each transaction sees what it has made, whatever its isolation.
BEGIN ISOLATION LEVEL SERIALIZABLE;

SELECT count(*) FROM parent;
--> count
--> 2

CREATE TABLE first (x serial, y int);

INSERT INTO first (y) VALUES (1), (2);

CREATE TABLE second (x int);

INSERT INTO second SELECT y FROM first;

ALTER TABLE first ADD COLUMN z int DEFAULT 5;

CREATE VIEW joined AS SELECT first.x, z FROM first JOIN second ON y = second.x;

SELECT * FROM joined ORDER BY x;
--> x | z
--> 1 | 5
--> 2 | 5

ALTER TABLE parent ADD COLUMN more int DEFAULT 3;

SELECT more FROM parent ORDER BY id;
--> more
--> 3
--> 3

COMMIT;

SELECT * FROM joined ORDER BY x;
--> x | z
--> 1 | 5
--> 2 | 5

BEGIN ISOLATION LEVEL REPEATABLE READ;

SELECT count(*) FROM joined;
--> count
--> 2

DROP VIEW joined;

DROP TABLE first;

CREATE TABLE third AS SELECT x FROM second;

CREATE INDEX by_third ON third (x);

SELECT x FROM third WHERE x = 2;
--> x
--> 2

COMMIT;

SELECT x FROM third ORDER BY x;
--> x
--> 1
--> 2

SELECT x FROM first;
--! 42P01: relation "first" does not exist
