-- ADD COLUMN whose values are computed: SERIAL, IDENTITY, GENERATED, DEFAULT
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (a INTEGER);

INSERT INTO t VALUES (1), (2), (3);

ALTER TABLE t ADD COLUMN twice INTEGER GENERATED ALWAYS AS (a * 2) STORED;

SELECT a, twice FROM t ORDER BY a;
--> a | twice
--> 1 | 2
--> 2 | 4
--> 3 | 6

ALTER TABLE t ADD COLUMN id SERIAL;

SELECT count(DISTINCT id), min(id), max(id) FROM t;
--> count | min | max
--> 3 | 1 | 3

INSERT INTO t (a) VALUES (4) RETURNING *;
--> a | twice | id
--> 4 | 8 | 4

ALTER TABLE t ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 100);

SELECT count(DISTINCT number), min(number), max(number) FROM t;
--> count | min | max
--> 4 | 100 | 103

INSERT INTO t (a, number) VALUES (5, 1);
--! 428C9: cannot insert a non-DEFAULT value into column "number"

INSERT INTO t (a) VALUES (5) RETURNING number;
--> number
--> 104

ALTER TABLE t ADD COLUMN r DOUBLE PRECISION NOT NULL DEFAULT random();

SELECT count(*) FROM t WHERE r BETWEEN 0 AND 1;
--> count
--> 5

ALTER TABLE t ADD COLUMN key UUID DEFAULT gen_random_uuid() UNIQUE;

SELECT count(DISTINCT key) = count(*) AS unique FROM t;
--> unique
--> t

CREATE TABLE u (a INTEGER);

INSERT INTO u VALUES (7), (8);

ALTER TABLE u ADD COLUMN id SERIAL PRIMARY KEY;

SELECT count(*) FROM u WHERE id IN (1, 2);
--> count
--> 2

INSERT INTO u VALUES (9, 1);
--! 23505: duplicate key value violates unique constraint "u_pkey"

ALTER TABLE u ADD COLUMN more SERIAL PRIMARY KEY;
--! 42P16: multiple primary keys for table "u" are not allowed

ALTER TABLE u ADD COLUMN bad INTEGER GENERATED ALWAYS AS (a + nothing) STORED;
--! 42703: column "nothing" does not exist

ALTER TABLE u ADD COLUMN bad INTEGER GENERATED ALWAYS AS (random()::integer) STORED;
--! 42P17: generation expression is not immutable

CREATE TABLE z (a INTEGER);

INSERT INTO z VALUES (0);

ALTER TABLE z ADD COLUMN quotient INTEGER GENERATED ALWAYS AS (1 / a) STORED;
--! 22012: division by zero

SELECT * FROM z;
--> a
--> 0

BEGIN;

ALTER TABLE z ADD COLUMN n INTEGER GENERATED ALWAYS AS (a + 1) STORED;

SELECT * FROM z;
--> a | n
--> 0 | 1

ROLLBACK;

SELECT * FROM z;
--> a
--> 0
