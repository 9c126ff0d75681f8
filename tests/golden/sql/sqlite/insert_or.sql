-- INSERT OR IGNORE, REPLACE and their kin
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE, v INTEGER NOT NULL DEFAULT 7);

INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);

INSERT OR IGNORE INTO t VALUES (1, 'x', 5), (3, 'c', 3);

SELECT * FROM t ORDER BY id;
--> id | u | v
--> 1 | a | 1
--> 2 | b | 2
--> 3 | c | 3

INSERT OR REPLACE INTO t VALUES (1, 'b', 9);

SELECT * FROM t ORDER BY id;
--> id | u | v
--> 1 | b | 9
--> 3 | c | 3

REPLACE INTO t (id, u) VALUES (3, 'd');

SELECT * FROM t ORDER BY id;
--> id | u | v
--> 1 | b | 9
--> 3 | d | 7

INSERT OR IGNORE INTO t VALUES (9, 'z', NULL);

INSERT OR REPLACE INTO t VALUES (9, 'z', NULL);

SELECT * FROM t ORDER BY id;
--> id | u | v
--> 1 | b | 9
--> 3 | d | 7
--> 9 | z | 7

INSERT OR ABORT INTO t VALUES (10, 'q', 1), (1, 'r', 1);
--! UNIQUE constraint failed: t.id

INSERT OR FAIL INTO t VALUES (10, 'q', 1), (1, 'r', 1);
--! UNIQUE constraint failed: t.id

SELECT id FROM t ORDER BY id;
--> id
--> 1
--> 3
--> 9
--> 10

UPDATE OR IGNORE t SET id = 1;

SELECT id FROM t ORDER BY id;
--> id
--> 1
--> 3
--> 9
--> 10

UPDATE OR REPLACE t SET u = 'z' WHERE id = 1;

SELECT id, u FROM t ORDER BY id;
--> id | u
--> 1 | z
--> 3 | d
--> 10 | q
