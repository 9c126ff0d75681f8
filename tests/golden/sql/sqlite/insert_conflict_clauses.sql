-- OR ABORT, FAIL, IGNORE, REPLACE, ROLLBACK
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE, n INTEGER NOT NULL DEFAULT 7, c INTEGER CHECK (c > 0));

INSERT INTO t VALUES (1, 'a', 1, 1), (2, 'b', 2, 2);

INSERT OR IGNORE INTO t VALUES (1, 'z', 1, 1), (3, 'c', 3, 3);

SELECT id FROM t ORDER BY id;
--> id
--> 1
--> 2
--> 3

INSERT OR REPLACE INTO t VALUES (5, 'a', 5, 5);

SELECT id, u FROM t ORDER BY id;
--> id | u
--> 2 | b
--> 3 | c
--> 5 | a

INSERT OR REPLACE INTO t VALUES (2, 'c', 9, 9);

SELECT id, u, n FROM t ORDER BY id;
--> id | u | n
--> 2 | c | 9
--> 5 | a | 5

INSERT OR IGNORE INTO t VALUES (6, 'f', NULL, 1);

INSERT OR REPLACE INTO t VALUES (7, 'g', NULL, 1) RETURNING n;
--> n
--> 7

INSERT OR IGNORE INTO t VALUES (8, 'h', 1, -1) RETURNING id;
--> id

INSERT OR REPLACE INTO t VALUES (8, 'h', 1, -1);
--! CHECK constraint failed: c > 0

INSERT OR FAIL INTO t VALUES (9, 'i', 1, 1), (9, 'j', 1, 1), (10, 'k', 1, 1);
--! UNIQUE constraint failed: t.id

SELECT id FROM t WHERE id >= 9 ORDER BY id;
--> id
--> 9

BEGIN;

INSERT INTO t VALUES (20, 'x', 1, 1);

INSERT OR ROLLBACK INTO t VALUES (20, 'y', 1, 1);
--! UNIQUE constraint failed: t.id

COMMIT;
--! cannot commit - no transaction is active

SELECT count(*) FROM t WHERE id = 20;
--> count(*)
--> 0

UPDATE OR IGNORE t SET u = 'g' WHERE id = 5;

UPDATE OR REPLACE t SET u = 'g' WHERE id = 5;

SELECT id, u FROM t ORDER BY id;
--> id | u
--> 2 | c
--> 5 | g
--> 9 | i
