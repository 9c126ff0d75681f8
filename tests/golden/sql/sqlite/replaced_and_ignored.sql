-- OR REPLACE, OR IGNORE, OR FAIL, OR ROLLBACK and REPLACE with several keys and children
-- oracle: sqlite
-- chapter: changes

PRAGMA foreign_keys = ON;

CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT UNIQUE, n INTEGER NOT NULL DEFAULT 0);

CREATE TABLE c (p INTEGER REFERENCES p (id) ON DELETE CASCADE, w TEXT);

INSERT INTO p VALUES (1, 'x', 'y', 1), (2, 'p', 'q', 2), (3, 'm', 'k', 3);

INSERT INTO c VALUES (3, 'child');

INSERT OR REPLACE INTO p VALUES (9, 'x', 'q', 9);

SELECT * FROM p ORDER BY id;
--> id | a | b | n
--> 3 | m | k | 3
--> 9 | x | q | 9

INSERT OR IGNORE INTO p VALUES (9, 'new', 'new', 0), (10, 'x', 'z', 0), (11, 'ok', 'ok', 0);

SELECT id, a FROM p ORDER BY id;
--> id | a
--> 3 | m
--> 9 | x
--> 11 | ok

UPDATE OR REPLACE p SET a = 'x' WHERE id = 11;

SELECT id, a, b FROM p ORDER BY id;
--> id | a | b
--> 3 | m | k
--> 11 | x | ok

UPDATE OR IGNORE p SET b = 'ok' WHERE id = 3;

SELECT id, b FROM p ORDER BY id;
--> id | b
--> 3 | k
--> 11 | ok

UPDATE OR FAIL p SET a = 'x' WHERE id = 3;
--! UNIQUE constraint failed: p.a

BEGIN;

UPDATE p SET n = 100 WHERE id = 3;

INSERT OR ROLLBACK INTO p VALUES (3, 'zz', 'zz', 0);
--! UNIQUE constraint failed: p.id

SELECT n FROM p WHERE id = 3;
--> n
--> 3

COMMIT;
--! cannot commit - no transaction is active

SELECT count(*) AS children FROM c;
--> children
--> 1

REPLACE INTO p (id, a) VALUES (3, 'again');

SELECT a, b, n FROM p WHERE id = 3;
--> a | b | n
--> again | NULL | 0

SELECT count(*) AS children FROM c;
--> children
--> 0

INSERT OR REPLACE INTO p (id, a, n) VALUES (3, 'third', NULL) RETURNING id, a, n;
--> id | a | n
--> 3 | third | 0

INSERT OR IGNORE INTO p (id, a, n) VALUES (4, 'fourth', NULL);

INSERT OR FAIL INTO p (id, a) VALUES (5, 'five'), (3, 'clash'), (6, 'six');
--! UNIQUE constraint failed: p.id

SELECT id, a FROM p WHERE id BETWEEN 4 AND 6;
--> id | a
--> 5 | five

INSERT OR ABORT INTO p (id, a) VALUES (7, 'seven'), (3, 'clash');
--! UNIQUE constraint failed: p.id

SELECT count(*) AS n FROM p WHERE id = 7;
--> n
--> 0

INSERT INTO p (id, a, b) VALUES (20, 'u', 'v'), (21, 'u', 'w') ON CONFLICT (a) DO UPDATE SET n = n + 100;

SELECT id, a, b, n FROM p WHERE a = 'u';
--> id | a | b | n
--> 20 | u | v | 100

INSERT INTO p (id, a, b) VALUES (22, 'u2', 'v') ON CONFLICT (a) DO NOTHING;
--! UNIQUE constraint failed: p.b

SELECT changes() AS changed;
--> changed
--> 0
