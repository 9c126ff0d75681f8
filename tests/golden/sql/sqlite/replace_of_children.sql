-- OR REPLACE: of several rows with one key the last one's parent must be there
-- oracle: sqlite
-- chapter: constraints

PRAGMA foreign_keys = ON;

CREATE TABLE p (id INTEGER PRIMARY KEY);

CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id));

INSERT INTO p VALUES (1);

INSERT OR REPLACE INTO c VALUES (1, 7), (1, 8), (1, 1);

SELECT * FROM c;
--> id | p
--> 1 | 1

INSERT OR REPLACE INTO c VALUES (1, 1), (1, 9);
--! FOREIGN KEY constraint failed

SELECT * FROM c;
--> id | p
--> 1 | 1
