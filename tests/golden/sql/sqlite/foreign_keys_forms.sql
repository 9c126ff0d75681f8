-- Foreign keys: actions
-- oracle: sqlite
-- chapter: constraints

PRAGMA foreign_keys = ON;

CREATE TABLE p (id INTEGER PRIMARY KEY, u TEXT UNIQUE);

CREATE TABLE casc (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE);

CREATE TABLE nul (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE SET NULL);

CREATE TABLE def (id INTEGER PRIMARY KEY, p INTEGER DEFAULT 0 REFERENCES p ON DELETE SET DEFAULT);

CREATE TABLE plain (id INTEGER PRIMARY KEY, u TEXT REFERENCES p (u));

INSERT INTO p VALUES (0, 'zero'), (1, 'one'), (2, 'two'), (3, 'three');

INSERT INTO casc VALUES (1, 1), (2, 2);

INSERT INTO nul VALUES (1, 1);

INSERT INTO def VALUES (1, 1);

INSERT INTO plain VALUES (1, 'three'), (2, NULL);

INSERT INTO casc VALUES (3, 99);
--! FOREIGN KEY constraint failed

DELETE FROM p WHERE id = 1;

SELECT 'casc', id, p FROM casc UNION ALL SELECT 'nul', id, p FROM nul UNION ALL SELECT 'def', id, p FROM def ORDER BY 1;
--> 'casc' | id | p
--> casc | 2 | 2
--> def | 1 | 0
--> nul | 1 | NULL

UPDATE p SET id = 20 WHERE id = 2;

SELECT p FROM casc;
--> p
--> 20

DELETE FROM p WHERE id = 3;
--! FOREIGN KEY constraint failed

UPDATE p SET u = 'x' WHERE id = 3;
--! FOREIGN KEY constraint failed

SELECT "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list('casc');
--> table | from | to | on_update | on_delete
--> p | p | id | CASCADE | CASCADE

PRAGMA foreign_key_check;
--> table | rowid | parent | fkid

DROP TABLE p;
--! FOREIGN KEY constraint failed
