-- ALTER TABLE: constraints added, dropped, renamed
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER, a INTEGER, b INTEGER);

INSERT INTO t VALUES (1, 1, 1), (2, 1, NULL);

ALTER TABLE t ADD PRIMARY KEY (id);

ALTER TABLE t ADD PRIMARY KEY (a);
--! 42P16: multiple primary keys for table "t" are not allowed

ALTER TABLE t ADD CONSTRAINT once UNIQUE (a);
--! 23505: could not create unique index "once"

ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0);

ALTER TABLE t ADD CHECK (b > 5);
--! 23514: check constraint "t_b_check" of relation "t" is violated by some row

ALTER TABLE t ADD CHECK (a < 100);

ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 1);
--! 42710: constraint "positive" for relation "t" already exists

INSERT INTO t VALUES (3, 0, 1);
--! 23514: new row for relation "t" violates check constraint "positive"

ALTER TABLE t RENAME CONSTRAINT positive TO above_zero;

INSERT INTO t VALUES (3, 0, 1);
--! 23514: new row for relation "t" violates check constraint "above_zero"

ALTER TABLE t DROP CONSTRAINT above_zero;

ALTER TABLE t DROP CONSTRAINT above_zero;
--! 42704: constraint "above_zero" of relation "t" does not exist

ALTER TABLE t DROP CONSTRAINT IF EXISTS above_zero;

INSERT INTO t VALUES (3, 0, 1);

ALTER TABLE t ADD CONSTRAINT later CHECK (a > 0) NOT VALID;
--~! 23514: check constraint "later" of relation "t" is violated by some row

INSERT INTO t VALUES (4, 0, 1);
--! 23514: new row for relation "t" violates check constraint "later"
--~

ALTER TABLE t VALIDATE CONSTRAINT later;
--! 23514: check constraint "later" of relation "t" is violated by some row
--~

SELECT conname, contype, convalidated FROM pg_constraint WHERE conrelid = 't'::regclass ORDER BY conname;
--> conname | contype | convalidated
--> later | c | f
--> t_a_check | c | t
--> t_pkey | p | t
--~> conname | contype | convalidated
--~> t_a_check | c | t
--~> t_pkey | p | t

ALTER TABLE t DROP CONSTRAINT t_pkey;

INSERT INTO t VALUES (1, 5, 5);
