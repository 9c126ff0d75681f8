-- A child row needs its parent; what happens when that goes
-- oracle: postgres
-- chapter: constraints

CREATE TABLE parent (id INTEGER PRIMARY KEY);

CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id) ON DELETE CASCADE);

CREATE TABLE other (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id));

INSERT INTO parent VALUES (1), (2), (3);

INSERT INTO child VALUES (10, 1), (11, 2), (12, NULL);

INSERT INTO other VALUES (1, 3);

INSERT INTO child VALUES (13, 4);
--! 23503: insert or update on table "child" violates foreign key constraint "child_parent_id_fkey"

DELETE FROM parent WHERE id = 1;

DELETE FROM parent WHERE id = 3;
--! 23503: update or delete on table "parent" violates foreign key constraint "other_parent_id_fkey" on table "other"

SELECT id, parent_id FROM child ORDER BY id;
--> id | parent_id
--> 11 | 2
--> 12 | NULL
