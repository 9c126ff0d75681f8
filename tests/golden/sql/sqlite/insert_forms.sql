-- INSERT: columns, DEFAULT VALUES, queries
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'none', b INTEGER DEFAULT (1 + 1), c DEFAULT CURRENT_DATE);

INSERT INTO t (id, c) VALUES (1, NULL);

INSERT INTO t (b, id, c) VALUES (5, 2, 'x'), (6, 3, 'y');

INSERT INTO t (id, a, c) SELECT id + 10, 'copy', c FROM t WHERE id < 3;

SELECT * FROM t ORDER BY id;
--> id | a | b | c
--> 1 | none | 2 | NULL
--> 2 | none | 5 | x
--> 3 | none | 6 | y
--> 11 | copy | 2 | NULL
--> 12 | copy | 2 | x

INSERT INTO t VALUES (4, 'x');
--! table t has 4 columns but 2 values were supplied

INSERT INTO t (id, a) VALUES (4);
--! 1 values for 2 columns

INSERT INTO t (id, id) VALUES (4, 5);

INSERT INTO t (nothing_here) VALUES (4);
--! table t has no column named nothing_here

INSERT INTO t VALUES (1, 'again', 1, 1);
--! UNIQUE constraint failed: t.id

INSERT INTO t (id) VALUES (20) RETURNING id, a, b;
--> id | a | b
--> 20 | none | 2

INSERT INTO main.t (id) VALUES (21) RETURNING id;
--> id
--> 21

INSERT INTO t AS alias (id, a) VALUES (22, 'x') ON CONFLICT (id) DO UPDATE SET a = alias.a || excluded.a;

INSERT INTO t (id, a) VALUES (22, 'y') ON CONFLICT (id) DO UPDATE SET a = t.a || excluded.a RETURNING a;
--> a
--> xy

REPLACE INTO t (id, a) VALUES (22, 'z') RETURNING id, a, b;
--> id | a | b
--> 22 | z | 2

INSERT INTO t (id) VALUES ('30') RETURNING id, typeof(id);
--> id | typeof(id)
--> 30 | integer

INSERT INTO t (id) VALUES ('x');
--! datatype mismatch

INSERT INTO t (id) VALUES (1.5);
--! datatype mismatch

SELECT count(*) FROM t;
--> count(*)
--> 10

INSERT t VALUES (99, 'x');
--! near "t": syntax error

REPLACE t VALUES (99, 'x');
--! near "t": syntax error
