-- OR REPLACE takes the default where a column is NOT NULL; a NULL is refused before keys are looked at
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'x', c INTEGER NOT NULL);

INSERT OR REPLACE INTO t VALUES (1, NULL, 5);

SELECT * FROM t;
--> a | b | c
--> 1 | x | 5

UPDATE OR REPLACE t SET b = NULL WHERE a = 1;

INSERT OR REPLACE INTO t VALUES (1, 'y', NULL);
--! NOT NULL constraint failed: t.c

SELECT * FROM t;
--> a | b | c
--> 1 | x | 5

INSERT INTO t VALUES (1, NULL, 7) ON CONFLICT (a) DO UPDATE SET c = 7;
--! NOT NULL constraint failed: t.b

UPDATE OR IGNORE t SET c = NULL;

INSERT OR IGNORE INTO t VALUES (2, 'z', NULL);

SELECT * FROM t;
--> a | b | c
--> 1 | x | 5
