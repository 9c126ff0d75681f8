-- Foreign keys that are looked at when a transaction ends
-- oracle: sqlite
-- chapter: constraints

PRAGMA foreign_keys = ON;

CREATE TABLE p (id INTEGER PRIMARY KEY);

CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED);

BEGIN;

INSERT INTO c VALUES (1, 5);

INSERT INTO p VALUES (5);

COMMIT;

BEGIN;

INSERT INTO c VALUES (2, 6);

COMMIT;
--! FOREIGN KEY constraint failed

ROLLBACK;
--~! cannot rollback - no transaction is active

SELECT id FROM c;
--> id
--> 1

INSERT INTO c VALUES (3, 7);
--! FOREIGN KEY constraint failed
