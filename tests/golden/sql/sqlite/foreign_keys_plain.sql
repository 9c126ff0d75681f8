-- A child row needs its parent (SQLite: when asked to look)
-- oracle: sqlite
-- chapter: constraints

PRAGMA foreign_keys = ON;

CREATE TABLE parent (id INTEGER PRIMARY KEY);

CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id) ON DELETE CASCADE);

INSERT INTO parent VALUES (1), (2);

INSERT INTO child VALUES (10, 1), (11, 2), (12, NULL);

INSERT INTO child VALUES (13, 3);
--! FOREIGN KEY constraint failed

DELETE FROM parent WHERE id = 1;

SELECT id, parent_id FROM child ORDER BY id;
--> id | parent_id
--> 11 | 2
--> 12 | NULL
