-- ON CONFLICT: targets, conditions, the rows themselves
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT UNIQUE, n INTEGER DEFAULT 1);

INSERT INTO t VALUES (1, 'a'), (2, 'b');

INSERT INTO t VALUES (1, 'z') ON CONFLICT DO NOTHING RETURNING id;
--> id

INSERT INTO t VALUES (1, 'z'), (3, 'c') ON CONFLICT (id) DO NOTHING RETURNING id;
--> id
--> 3

INSERT INTO t VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET n = t.n + excluded.n RETURNING *;
--> id | email | n
--> 1 | a | 2

INSERT INTO t VALUES (1, 'a', 5) ON CONFLICT (id) DO UPDATE SET n = excluded.n WHERE t.n > 100 RETURNING *;
--> id | email | n

INSERT INTO t VALUES (9, 'a') ON CONFLICT (id) DO NOTHING;
--! 23505: duplicate key value violates unique constraint "t_email_key"

INSERT INTO t VALUES (9, 'a') ON CONFLICT (email) DO UPDATE SET id = excluded.id RETURNING id, email;
--> id | email
--> 9 | a

INSERT INTO t VALUES (1, 'q'), (1, 'r') ON CONFLICT (id) DO UPDATE SET n = 0;
--! 21000: ON CONFLICT DO UPDATE command cannot affect row a second time

INSERT INTO t VALUES (1, 'a') ON CONFLICT (n) DO NOTHING;
--! 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

INSERT INTO t VALUES (1, 'a') ON CONFLICT DO UPDATE SET n = 1;
--! 42601: ON CONFLICT DO UPDATE requires inference specification or constraint name

INSERT INTO t VALUES (2, 'x') ON CONFLICT ON CONSTRAINT t_pkey DO UPDATE SET (email, n) = (excluded.email, 7) RETURNING *;
--> id | email | n
--> 2 | x | 7

INSERT INTO t VALUES (2, 'x') ON CONFLICT ON CONSTRAINT nothing DO NOTHING;
--! 42704: constraint "nothing" for table "t" does not exist

INSERT INTO t AS target VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET n = target.n * 2 RETURNING target.n;
--> n
--> 14

INSERT INTO t VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET n = n + 1;
--! 42702: column reference "n" is ambiguous

INSERT INTO t VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET n = DEFAULT RETURNING n;
--> n
--> 1

WITH again AS (INSERT INTO t (id) SELECT id FROM t ON CONFLICT (id) DO UPDATE SET n = (SELECT count(*) FROM t) RETURNING id, n) SELECT id, n FROM again ORDER BY id;
--> id | n
--> 2 | 3
--> 3 | 3
--> 9 | 3

SELECT * FROM t ORDER BY id;
--> id | email | n
--> 2 | x | 3
--> 3 | c | 3
--> 9 | a | 3
