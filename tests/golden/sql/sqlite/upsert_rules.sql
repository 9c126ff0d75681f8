-- UPSERT: targets, WHERE, several clauses
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INTEGER DEFAULT 0);

INSERT INTO t VALUES (1, 'a', 1) ON CONFLICT DO NOTHING RETURNING id;
--> id
--> 1

INSERT INTO t VALUES (1, 'z', 1) ON CONFLICT DO NOTHING RETURNING id;
--> id

INSERT INTO t VALUES (1, 'a', 5) ON CONFLICT (id) DO UPDATE SET n = n + excluded.n RETURNING *;
--> id | k | n
--> 1 | a | 6

INSERT INTO t VALUES (1, 'a', 5) ON CONFLICT (id) DO UPDATE SET n = 100 WHERE n > 50 RETURNING *;
--> id | k | n

INSERT INTO t VALUES (2, 'a', 5) ON CONFLICT (k) DO UPDATE SET id = excluded.id, n = -1 RETURNING *;
--> id | k | n
--> 2 | a | -1

INSERT INTO t VALUES (2, 'b', 5) ON CONFLICT (k) DO NOTHING;
--! UNIQUE constraint failed: t.id

INSERT INTO t VALUES (2, 'b', 5) ON CONFLICT (k) DO NOTHING ON CONFLICT (id) DO UPDATE SET k = excluded.k RETURNING *;
--> id | k | n
--> 2 | b | -1

INSERT INTO t VALUES (3, 'b', 5) ON CONFLICT (n) DO NOTHING;
--! ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint

INSERT INTO t VALUES (3, 'b', 5) ON CONFLICT DO UPDATE SET n = 77 RETURNING *;
--> id | k | n
--> 2 | b | 77

INSERT INTO t (k) SELECT 'c' WHERE true ON CONFLICT (k) DO UPDATE SET n = n + 1;

INSERT INTO t VALUES (8, 'q', 1), (8, 'q', 2) ON CONFLICT (id) DO UPDATE SET n = n * 10 + excluded.n RETURNING n;
--> n
--> 1
--> 12

INSERT INTO t VALUES (8, 'q', 1) ON CONFLICT (id) DO UPDATE SET (k, n) = ('w', 4) RETURNING k, n;
--> k | n
--> w | 4

CREATE TABLE p (a INTEGER, b TEXT, v INTEGER);

CREATE UNIQUE INDEX p_a ON p (a) WHERE b = 'on';

INSERT INTO p VALUES (1, 'on', 1);

INSERT INTO p VALUES (1, 'on', 2) ON CONFLICT (a) WHERE b = 'on' DO UPDATE SET v = excluded.v RETURNING v;
--> v
--> 2

INSERT INTO p VALUES (1, 'on', 2) ON CONFLICT (a) DO NOTHING;
--! ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
