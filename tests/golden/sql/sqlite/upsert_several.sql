-- UPSERT with several clauses, and a name for the table
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE, n INTEGER DEFAULT 0);

INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);

INSERT INTO t VALUES (1, 'z', 9) ON CONFLICT (k) DO NOTHING ON CONFLICT (id) DO UPDATE SET n = n + excluded.n RETURNING *;
--> id | k | n
--> 1 | a | 10

INSERT INTO t VALUES (9, 'a', 9) ON CONFLICT (k) DO NOTHING ON CONFLICT (id) DO UPDATE SET n = 0 RETURNING *;
--> id | k | n

INSERT INTO t VALUES (9, 'b', 9) ON CONFLICT (id) DO NOTHING ON CONFLICT DO UPDATE SET n = 100 RETURNING *;
--> id | k | n
--> 2 | b | 100

INSERT INTO t VALUES (5, 'e', 5) ON CONFLICT (k) DO NOTHING ON CONFLICT (id) DO NOTHING RETURNING id;
--> id
--> 5

INSERT INTO t AS other VALUES (5, 'e', 6) ON CONFLICT (id) DO UPDATE SET n = other.n + excluded.n RETURNING n;
--> n
--> 11

SELECT * FROM t ORDER BY id;
--> id | k | n
--> 1 | a | 10
--> 2 | b | 100
--> 5 | e | 11

INSERT INTO t VALUES (1, 'x', 1) ON CONFLICT (n) DO NOTHING ON CONFLICT (id) DO NOTHING;
--! 1st ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint
