-- Which constraint failed, as SQLite says it
-- oracle: sqlite
-- chapter: errors

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INTEGER UNIQUE, c INTEGER CHECK (c > 0), d INTEGER, e INTEGER, CONSTRAINT pair UNIQUE (d, e), CONSTRAINT sum_small CHECK (d + e < 100));

INSERT INTO t VALUES (1, 'x', 1, 1, 1, 1);

INSERT INTO t VALUES (1, 'x', 2, 1, 2, 2);
--! UNIQUE constraint failed: t.id

INSERT INTO t VALUES (2, NULL, 2, 1, 2, 2);
--! NOT NULL constraint failed: t.a

INSERT INTO t VALUES (2, 'x', 1, 1, 2, 2);
--! UNIQUE constraint failed: t.b

INSERT INTO t VALUES (2, 'x', 2, 0, 2, 2);
--! CHECK constraint failed: c > 0

INSERT INTO t VALUES (2, 'x', 2, 1, 1, 1);
--! UNIQUE constraint failed: t.d, t.e

INSERT INTO t VALUES (2, 'x', 2, 1, 60, 60);
--! CHECK constraint failed: sum_small

INSERT INTO t (id) VALUES (2);
--! NOT NULL constraint failed: t.a

INSERT INTO t VALUES (2, 'x', NULL, NULL, NULL, NULL), (3, 'x', NULL, NULL, NULL, 1);

UPDATE t SET a = NULL WHERE id = 1;
--! NOT NULL constraint failed: t.a

UPDATE t SET b = 1 WHERE id = 3;
--! UNIQUE constraint failed: t.b

UPDATE t SET id = 1 WHERE id = 3;
--! UNIQUE constraint failed: t.id

UPDATE t SET c = -1 WHERE id = 3;
--! CHECK constraint failed: c > 0

UPDATE t SET d = 1, e = 1 WHERE id = 2;
--! UNIQUE constraint failed: t.d, t.e

INSERT OR IGNORE INTO t VALUES (1, 'ignored', 9, 9, 9, 9), (4, 'taken', 9, 9, 9, 9);

INSERT OR IGNORE INTO t VALUES (5, NULL, 10, 9, 10, 9);

INSERT OR IGNORE INTO t VALUES (5, 'x', 10, -9, 10, 9);

SELECT id, a FROM t ORDER BY id;
--> id | a
--> 1 | x
--> 2 | x
--> 3 | x
--> 4 | taken

INSERT INTO t VALUES (6, 'x', 20, 1, 3, 3), (7, 'x', 20, 1, 4, 4);
--! UNIQUE constraint failed: t.b

SELECT count(*) FROM t;
--> count(*)
--> 4

CREATE TABLE k (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;

INSERT INTO k VALUES ('x', 'y');

INSERT INTO k VALUES ('x', 'y');
--! UNIQUE constraint failed: k.a, k.b

PRAGMA foreign_keys = ON;

CREATE TABLE child (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t);

INSERT INTO child VALUES (1, 99);
--! FOREIGN KEY constraint failed

INSERT INTO child VALUES (1, 1);

DELETE FROM t WHERE id = 1;
--! FOREIGN KEY constraint failed
