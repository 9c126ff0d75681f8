-- Columns of a key that an INSERT leaves out get their DEFAULT
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL DEFAULT 'x', c, PRIMARY KEY (a, b));

INSERT INTO t (a) VALUES (5);

INSERT INTO t (a, c) VALUES (6, 1), (7, 2);

INSERT INTO t (a) VALUES (5);
--! UNIQUE constraint failed: t.a, t.b

INSERT OR REPLACE INTO t (a, c) VALUES (5, 'new');

SELECT * FROM t ORDER BY a;
--> a | b | c
--> 5 | x | new
--> 6 | x | 1
--> 7 | x | 2
