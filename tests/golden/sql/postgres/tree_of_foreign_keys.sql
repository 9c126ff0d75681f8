-- A table that refers to itself: trees that are moved, cut and deleted
-- oracle: postgres
-- chapter: constraints

CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES nodes ON DELETE CASCADE ON UPDATE CASCADE, name TEXT NOT NULL, CHECK (parent <> id));

INSERT INTO nodes VALUES (1, NULL, 'root'), (2, 1, 'a'), (3, 1, 'b'), (4, 2, 'a1'), (5, 4, 'a11');

INSERT INTO nodes VALUES (6, 99, 'lost');
--! 23503: insert or update on table "nodes" violates foreign key constraint "nodes_parent_fkey"

INSERT INTO nodes VALUES (6, 6, 'own');
--! 23514: new row for relation "nodes" violates check constraint "nodes_check"

INSERT INTO nodes VALUES (7, 6, 'child first'), (6, 1, 'parent second');

UPDATE nodes SET id = 20 WHERE id = 2;

SELECT id, parent FROM nodes ORDER BY id;
--> id | parent
--> 1 | NULL
--> 3 | 1
--> 4 | 20
--> 5 | 4
--> 6 | 1
--> 7 | 6
--> 20 | 1

UPDATE nodes SET parent = 3 WHERE id = 4;

WITH RECURSIVE tree AS (SELECT id, name::text AS path FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, t.path || '/' || n.name FROM nodes n JOIN tree t ON n.parent = t.id) SELECT path FROM tree ORDER BY path;
--> path
--> root
--> root/a
--> root/b
--> root/b/a1
--> root/b/a1/a11
--> root/parent second
--> root/parent second/child first

DELETE FROM nodes WHERE id = 3;

SELECT id, name FROM nodes ORDER BY id;
--> id | name
--> 1 | root
--> 6 | parent second
--> 7 | child first
--> 20 | a

WITH RECURSIVE below AS (SELECT id FROM nodes WHERE id = 6 UNION ALL SELECT n.id FROM nodes n JOIN below b ON n.parent = b.id) SELECT count(*) FROM below;
--> count
--> 2

UPDATE nodes SET parent = 7 WHERE id = 6;

SELECT id, parent FROM nodes WHERE id IN (6, 7) ORDER BY id;
--> id | parent
--> 6 | 7
--> 7 | 6

DELETE FROM nodes WHERE id = 6;

SELECT id FROM nodes ORDER BY id;
--> id
--> 1
--> 20

CREATE TABLE strict (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES strict ON DELETE RESTRICT);

INSERT INTO strict VALUES (1, NULL), (2, 1);

DELETE FROM strict WHERE id = 1;
--! 23503: update or delete on table "strict" violates foreign key constraint "strict_parent_fkey" on table "strict"

DELETE FROM strict;

UPDATE strict SET parent = NULL WHERE id = 2;

DELETE FROM strict WHERE id = 1;

SELECT * FROM strict;
--> id | parent
