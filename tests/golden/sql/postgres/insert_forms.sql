-- INSERT: defaults, columns, overriding, queries
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY DEFAULT 7, a TEXT DEFAULT 'none', b NUMERIC(4,1));

INSERT INTO t DEFAULT VALUES;

INSERT INTO t VALUES (1), (2);

INSERT INTO t VALUES (3, DEFAULT, 1.25), (4, 'x', DEFAULT);

INSERT INTO t (b, id) VALUES (2, 5) RETURNING *;
--> id | a | b
--> 5 | none | 2.0

INSERT INTO t (id, id) VALUES (6, 6);
--! 42701: column "id" specified more than once

INSERT INTO t VALUES (6, 'x', 1, 2);
--! 42601: INSERT has more expressions than target columns

INSERT INTO t (id, a) VALUES (6);
--! 42601: INSERT has more target columns than expressions

INSERT INTO t (id, a) VALUES (6, 'x', 1);
--! 42601: INSERT has more expressions than target columns

INSERT INTO t VALUES (8), (9, 'x');
--! 42601: VALUES lists must all be the same length

INSERT INTO t AS new (id) VALUES (10) RETURNING new.id, new.a;
--> id | a
--> 10 | none

INSERT INTO t SELECT 11, 'from a query' WHERE true RETURNING a;
--> a
--> from a query

INSERT INTO t TABLE t;
--! 23505: duplicate key value violates unique constraint "t_pkey"

INSERT INTO t (id) WITH n AS (SELECT 12 AS x) SELECT x FROM n;

INSERT INTO t VALUES (20, 5, 'text');
--! 22P02: invalid input syntax for type numeric: "text"

INSERT INTO t (nothing) VALUES (1);
--! 42703: column "nothing" of relation "t" does not exist

INSERT INTO t VALUES (NULL);
--! 23502: null value in column "id" of relation "t" violates not-null constraint

SELECT * FROM t ORDER BY id;
--> id | a | b
--> 1 | none | NULL
--> 2 | none | NULL
--> 3 | none | 1.3
--> 4 | x | NULL
--> 5 | none | 2.0
--> 7 | none | NULL
--> 10 | none | NULL
--> 11 | from a query | NULL
--> 12 | none | NULL
