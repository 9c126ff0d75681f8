-- Foreign keys: cascades, SET NULL, defaults, own trees, what PRAGMA finds
-- oracle: sqlite
-- chapter: constraints

PRAGMA foreign_keys = ON;

CREATE TABLE desks (id INTEGER PRIMARY KEY, name TEXT);

CREATE TABLE books (id INTEGER PRIMARY KEY, desk INTEGER REFERENCES desks ON DELETE CASCADE ON UPDATE CASCADE);

CREATE TABLE lots (id INTEGER PRIMARY KEY, book INTEGER REFERENCES books ON DELETE SET NULL, other INTEGER DEFAULT 1 REFERENCES desks ON DELETE SET DEFAULT ON UPDATE CASCADE);

INSERT INTO desks VALUES (1, 'one'), (2, 'two'), (3, 'three');

INSERT INTO books VALUES (10, 2), (11, 2), (12, 3);

INSERT INTO lots VALUES (100, 10, 3), (101, 12, 2), (102, NULL, NULL);

INSERT INTO books VALUES (13, 99);
--! FOREIGN KEY constraint failed

UPDATE books SET desk = 98 WHERE id = 10;
--! FOREIGN KEY constraint failed

UPDATE desks SET id = 20 WHERE id = 2;

SELECT id, desk FROM books ORDER BY id;
--> id | desk
--> 10 | 20
--> 11 | 20
--> 12 | 3

DELETE FROM desks WHERE id = 20;

SELECT (SELECT group_concat(id ORDER BY id) FROM books) AS books, (SELECT count(*) FROM lots WHERE book IS NULL) AS without_book;
--> books | without_book
--> 12 | 2

SELECT id, book, other FROM lots ORDER BY id;
--> id | book | other
--> 100 | NULL | 3
--> 101 | 12 | 1
--> 102 | NULL | NULL

DELETE FROM desks WHERE id = 3;

SELECT id, book, other FROM lots ORDER BY id;
--> id | book | other
--> 100 | NULL | 1
--> 101 | NULL | 1
--> 102 | NULL | NULL

CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES nodes ON DELETE CASCADE);

INSERT INTO nodes VALUES (1, NULL), (2, 1), (3, 2), (4, 3), (5, 1);

DELETE FROM nodes WHERE id = 2;

SELECT id FROM nodes ORDER BY id;
--> id
--> 1
--> 5

CREATE TABLE kept (id INTEGER PRIMARY KEY, node INTEGER NOT NULL REFERENCES nodes ON DELETE RESTRICT);

INSERT INTO kept VALUES (1, 5);

DELETE FROM nodes WHERE id = 1;
--! FOREIGN KEY constraint failed

SELECT "from", "table", "to", on_delete, on_update FROM pragma_foreign_key_list('lots') ORDER BY "from";
--> from | table | to | on_delete | on_update
--> book | books | NULL | SET NULL | NO ACTION
--> other | desks | NULL | SET DEFAULT | CASCADE

PRAGMA foreign_key_check;
--> table | rowid | parent | fkid

PRAGMA foreign_keys;
--> foreign_keys
--> 1
