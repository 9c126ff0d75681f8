-- ON CONFLICT: what is wrong with later rows, and rows that are met twice
-- oracle: postgres
-- chapter: changes

CREATE TABLE p (id INTEGER PRIMARY KEY);

CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER REFERENCES p, b INTEGER NOT NULL);

INSERT INTO c VALUES (1, 7, 1), (2, NULL, NULL) ON CONFLICT DO NOTHING;
--! 23502: null value in column "b" of relation "c" violates not-null constraint

INSERT INTO c VALUES (1, 7, 1), (2, NULL, NULL) ON CONFLICT (id) DO UPDATE SET a = 1;
--! 23502: null value in column "b" of relation "c" violates not-null constraint

INSERT INTO c VALUES (1, NULL, 1);

INSERT INTO c VALUES (1, NULL, 1), (2, NULL, NULL) ON CONFLICT (id) DO UPDATE SET a = 7;
--! 23502: null value in column "b" of relation "c" violates not-null constraint

INSERT INTO c VALUES (1, NULL, 1), (2, NULL, 2) ON CONFLICT (id) DO UPDATE SET a = 7;
--! 23503: insert or update on table "c" violates foreign key constraint "c_a_fkey"

INSERT INTO c VALUES (1, NULL, 2), (1, NULL, 3) ON CONFLICT (id) DO UPDATE SET b = excluded.b;
--! 21000: ON CONFLICT DO UPDATE command cannot affect row a second time

INSERT INTO c VALUES (1, NULL, 2), (1, NULL, 3), (1, NULL, 4) ON CONFLICT (id) DO UPDATE SET b = excluded.b WHERE excluded.b = 3 RETURNING *;
--! 21000: ON CONFLICT DO UPDATE command cannot affect row a second time

INSERT INTO c VALUES (1, NULL, 2), (1, NULL, 3) ON CONFLICT (id) DO UPDATE SET b = excluded.b WHERE excluded.b = 3 RETURNING *;
--> id | a | b
--> 1 | NULL | 3

INSERT INTO c VALUES (3, NULL, 2), (3, NULL, 3) ON CONFLICT (id) DO UPDATE SET b = excluded.b WHERE excluded.b = 2;
--! 21000: ON CONFLICT DO UPDATE command cannot affect row a second time

SELECT * FROM c ORDER BY id;
--> id | a | b
--> 1 | NULL | 3

SELECT 0 IN (0, 9 % 0, 0);
--! 22012: division by zero

SELECT 0 IN (0, id % 0) FROM c ORDER BY id;
--> ?column?
--> t
