-- INSERT: several rows, by some columns, from a query
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'none', b INTEGER NOT NULL);

INSERT INTO t VALUES (1, 'x', 10), (2, NULL, 20);

INSERT INTO t (b, id) VALUES (30, 3);

INSERT INTO t (id, b) SELECT id + 10, b * 2 FROM t WHERE id < 3;

SELECT * FROM t ORDER BY id;
--> id | a | b
--> 1 | x | 10
--> 2 | NULL | 20
--> 3 | none | 30
--> 11 | none | 20
--> 12 | none | 40

INSERT INTO t (id, b) VALUES (1, 0);
--! UNIQUE constraint failed: t.id

INSERT INTO t (id) VALUES (50);
--! NOT NULL constraint failed: t.b

INSERT INTO t (id, b) VALUES (60, 1), (61, NULL);
--! NOT NULL constraint failed: t.b

INSERT INTO t (id, nothing) VALUES (1, 2);
--! near "nothing": syntax error

INSERT INTO t (id, b) VALUES (70);
--! 1 values for 2 columns

SELECT count(*) FROM t;
--> count(*)
--> 5

INSERT INTO t (id, b) VALUES (80, 8) RETURNING id, a, b * 2 AS doubled;
--> id | a | doubled
--> 80 | none | 16

INSERT INTO missing VALUES (1);
--! no such table: missing
