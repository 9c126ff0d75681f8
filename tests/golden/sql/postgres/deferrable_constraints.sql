-- Constraints that are looked at when a transaction ends
-- oracle: postgres
-- chapter: constraints

CREATE TABLE p (id INTEGER PRIMARY KEY);

CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER CONSTRAINT c_p REFERENCES p DEFERRABLE INITIALLY DEFERRED);

BEGIN;

INSERT INTO c VALUES (1, 7);

INSERT INTO p VALUES (7);

COMMIT;

BEGIN;

INSERT INTO c VALUES (2, 8);

COMMIT;
--! 23503: insert or update on table "c" violates foreign key constraint "c_p"

SELECT id FROM c ORDER BY id;
--> id
--> 1

BEGIN;

SET CONSTRAINTS ALL IMMEDIATE;

INSERT INTO c VALUES (3, 9);
--! 23503: insert or update on table "c" violates foreign key constraint "c_p"
--~

ROLLBACK;

BEGIN;

INSERT INTO c VALUES (4, 9);

SET CONSTRAINTS c_p IMMEDIATE;
--! 23503: insert or update on table "c" violates foreign key constraint "c_p"

ROLLBACK;

SET CONSTRAINTS nothing DEFERRED;
--! 42704: constraint "nothing" does not exist

CREATE TABLE u (x INTEGER UNIQUE DEFERRABLE INITIALLY IMMEDIATE);

INSERT INTO u VALUES (1), (2);

UPDATE u SET x = x + 1;

SELECT x FROM u ORDER BY x;
--> x
--> 2
--> 3

CREATE TABLE bad (x INTEGER CHECK (x > 0) DEFERRABLE);
--! 42601: misplaced DEFERRABLE clause
--~! 42601: syntax error at or near "DEFERRABLE"
