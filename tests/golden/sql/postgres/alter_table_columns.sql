-- ALTER TABLE: adding, dropping and renaming columns
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

INSERT INTO t VALUES (1, 'x'), (2, 'y');

ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 5 NOT NULL, ADD c TEXT;

SELECT * FROM t ORDER BY id;
--> id | a | b | c
--> 1 | x | 5 | NULL
--> 2 | y | 5 | NULL

ALTER TABLE t ADD COLUMN b INTEGER;
--! 42701: column "b" of relation "t" already exists

ALTER TABLE t ADD COLUMN IF NOT EXISTS b INTEGER;

ALTER TABLE t ADD COLUMN d INTEGER NOT NULL;
--! 23502: column "d" of relation "t" contains null values

ALTER TABLE t ADD COLUMN e INTEGER GENERATED ALWAYS AS (id * 10) STORED;

ALTER TABLE t ADD COLUMN f INTEGER CHECK (f > 0) DEFAULT 0;
--! 23514: check constraint "t_f_check" of relation "t" is violated by some row

ALTER TABLE t DROP COLUMN c;

ALTER TABLE t DROP COLUMN c;
--! 42703: column "c" of relation "t" does not exist

ALTER TABLE t DROP COLUMN IF EXISTS c;

ALTER TABLE t RENAME COLUMN a TO name;

ALTER TABLE t RENAME name TO b;
--! 42701: column "b" of relation "t" already exists

ALTER TABLE t RENAME nothing TO x;
--! 42703: column "nothing" does not exist

SELECT * FROM t ORDER BY id;
--> id | name | b | e
--> 1 | x | 5 | 10
--> 2 | y | 5 | 20
--~> id | name | b | e | f
--~> 1 | x | 5 | 10 | 0
--~> 2 | y | 5 | 20 | 0

ALTER TABLE t RENAME TO u;

SELECT name FROM t;
--! 42P01: relation "t" does not exist

ALTER TABLE IF EXISTS t ADD COLUMN z INTEGER;

ALTER TABLE u DROP COLUMN id;
--! 2BP01: cannot drop column id of table u because other objects depend on it

INSERT INTO u (name) VALUES ('z');
--! 23502: null value in column "id" of relation "u" violates not-null constraint

SELECT * FROM u ORDER BY name;
--> id | name | b | e
--> 1 | x | 5 | 10
--> 2 | y | 5 | 20
--~> id | name | b | e | f
--~> 1 | x | 5 | 10 | 0
--~> 2 | y | 5 | 20 | 0
