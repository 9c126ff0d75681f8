-- Generated columns and DEFAULTs of rows that MERGE and ON CONFLICT make
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id integer PRIMARY KEY, a integer DEFAULT 5, g integer GENERATED ALWAYS AS (a * 2) STORED, u text UNIQUE DEFAULT 'one', w text NOT NULL DEFAULT 'w');

MERGE INTO t USING (VALUES (1), (2)) AS s(i) ON t.id = s.i WHEN NOT MATCHED AND s.i = 1 THEN INSERT (id) VALUES (s.i) WHEN NOT MATCHED THEN INSERT (id, a, u) VALUES (s.i, s.i * 10, 'two');

SELECT * FROM t ORDER BY id;
--> id | a | g | u | w
--> 1 | 5 | 10 | one | w
--> 2 | 20 | 40 | two | w

MERGE INTO t USING (VALUES (1)) AS s(i) ON t.id = s.i WHEN MATCHED THEN UPDATE SET a = 6;

MERGE INTO t USING (VALUES (3)) AS s(i) ON t.id = s.i WHEN NOT MATCHED THEN INSERT (id, g) VALUES (3, 4);
--! 428C9: cannot insert a non-DEFAULT value into column "g"

SELECT * FROM t ORDER BY id;
--> id | a | g | u | w
--> 1 | 6 | 12 | one | w
--> 2 | 20 | 40 | two | w

INSERT INTO t (id) VALUES (2) ON CONFLICT (id) DO UPDATE SET a = excluded.a, u = excluded.u || t.id, w = excluded.w || '!' RETURNING *;
--> id | a | g | u | w
--> 2 | 5 | 10 | one2 | w!

INSERT INTO t (id) VALUES (9) ON CONFLICT (u) DO NOTHING RETURNING id;
--> id

CREATE TABLE stamped (id integer PRIMARY KEY, n text NOT NULL, at timestamptz DEFAULT now());

INSERT INTO stamped VALUES (1, 'a', '2024-01-01');

INSERT INTO stamped (id, n) VALUES (1, 'b') ON CONFLICT (id) DO UPDATE SET n = excluded.n, at = excluded.at RETURNING n, at = now() AS is_now;
--> n | is_now
--> b | t

INSERT INTO stamped (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 'c';
--! 23502: null value in column "n" of relation "stamped" violates not-null constraint

ALTER TABLE stamped RENAME COLUMN n TO at;
--! 42701: column "at" of relation "stamped" already exists

SELECT to_date('-7', 'YYYY'), to_date('7 BC', 'YYYY BC'), to_date('-7 BC', 'YYYY BC'), to_date('0', 'YYYY');
--> to_date | to_date | to_date | to_date
--> 0007-01-01 BC | 0007-01-01 BC | 0007-01-01 | 0001-01-01 BC

SELECT to_char(interval '-1 day', 'DDD'), to_char(interval '-100 days', 'FMDDD'), to_char(interval '5 days', 'DDD');
--> to_char | to_char | to_char
--> -01 | -100 | 005
