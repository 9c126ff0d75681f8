-- Names that were said of keys are theirs, in errors and in what describes the store
-- oracle: postgres
-- chapter: constraints

CREATE TABLE t (
    id INTEGER CONSTRAINT "the key" PRIMARY KEY,
    a INTEGER CONSTRAINT only_one UNIQUE,
    b INTEGER,
    CONSTRAINT "of.b" UNIQUE (b)
);

CREATE UNIQUE INDEX t_a_b ON t (a, b);

SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 't'::regclass ORDER BY conname;
--> conname | contype | pg_get_constraintdef
--> of.b | u | UNIQUE (b)
--> only_one | u | UNIQUE (a)
--> the key | p | PRIMARY KEY (id)

SELECT indexname FROM pg_indexes WHERE tablename = 't' ORDER BY 1;
--> indexname
--> of.b
--> only_one
--> t_a_b
--> the key

INSERT INTO t VALUES (1, 1, 1);

INSERT INTO t VALUES (1, 2, 2);
--! 23505: duplicate key value violates unique constraint "the key"

INSERT INTO t VALUES (2, 1, 2);
--! 23505: duplicate key value violates unique constraint "only_one"

INSERT INTO t VALUES (1, 3, 3) ON CONFLICT ON CONSTRAINT "the key" DO UPDATE SET a = excluded.a;

ALTER TABLE t RENAME CONSTRAINT "the key" TO key_of_t;

ALTER TABLE t RENAME CONSTRAINT only_one TO one_only;

INSERT INTO t VALUES (1, 2, 2);
--! 23505: duplicate key value violates unique constraint "key_of_t"

ALTER TABLE t DROP CONSTRAINT "of.b";

ALTER TABLE t ADD CONSTRAINT b_again UNIQUE (b);

COMMENT ON CONSTRAINT key_of_t ON t IS 'what rows are found by';

COMMENT ON CONSTRAINT no_such ON t IS 'nothing';
--! 42704: constraint "no_such" for table "t" does not exist

SELECT conname, contype, obj_description(oid, 'pg_constraint') FROM pg_constraint
WHERE conrelid = 't'::regclass ORDER BY conname;
--> conname | contype | obj_description
--> b_again | u | NULL
--> key_of_t | p | what rows are found by
--> one_only | u | NULL

COMMENT ON CONSTRAINT key_of_t ON t IS NULL;

SELECT count(*) FROM pg_description WHERE classoid = 'pg_constraint'::regclass
AND objoid IN (SELECT oid FROM pg_constraint WHERE conrelid = 't'::regclass);
--> count
--> 0

CREATE TABLE c (t_id INTEGER REFERENCES t);

SELECT conname, confrelid::regclass, conindid::regclass FROM pg_constraint
WHERE conrelid = 'c'::regclass;
--> conname | confrelid | conindid
--> c_t_id_fkey | t | key_of_t

CREATE SCHEMA apart;

CREATE TABLE apart.t (id INTEGER PRIMARY KEY);

INSERT INTO apart.t VALUES (1), (1);
--! 23505: duplicate key value violates unique constraint "t_pkey"

DROP SCHEMA apart CASCADE;
