-- ALTER COLUMN TYPE, DEFAULT and NOT NULL
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (a INTEGER, b TEXT, c NUMERIC(6,2) DEFAULT 1.25);

INSERT INTO t VALUES (1, '10', 2.345), (2, NULL, NULL);

ALTER TABLE t ALTER COLUMN a TYPE BIGINT;

ALTER TABLE t ALTER b TYPE INTEGER;
--! 42804: column "b" cannot be cast automatically to type integer

ALTER TABLE t ALTER b TYPE INTEGER USING b::integer;

ALTER TABLE t ALTER COLUMN c SET DATA TYPE NUMERIC(6,1);

SELECT a, pg_typeof(a), b, pg_typeof(b), c FROM t ORDER BY a;
--> a | pg_typeof | b | pg_typeof | c
--> 1 | bigint | 10 | integer | 2.4
--> 2 | bigint | NULL | integer | NULL

ALTER TABLE t ALTER a SET DEFAULT 7, ALTER c DROP DEFAULT;

INSERT INTO t (b) VALUES (3) RETURNING *;
--> a | b | c
--> 7 | 3 | NULL

ALTER TABLE t ALTER a SET DEFAULT 'x';
--! 22P02: invalid input syntax for type bigint: "x"

ALTER TABLE t ALTER b SET NOT NULL;
--! 23502: column "b" of relation "t" contains null values

UPDATE t SET b = 0 WHERE b IS NULL;

ALTER TABLE t ALTER b SET NOT NULL;

INSERT INTO t (b) VALUES (NULL);
--! 23502: null value in column "b" of relation "t" violates not-null constraint

ALTER TABLE t ALTER b DROP NOT NULL;

INSERT INTO t (b) VALUES (NULL);

ALTER TABLE t ALTER nothing TYPE TEXT;
--! 42703: column "nothing" of relation "t" does not exist

ALTER TABLE t ALTER a TYPE TEXT;

SELECT a || '!' AS text FROM t ORDER BY 1;
--> text
--> 1!
--> 2!
--> 7!
--> 7!

ALTER TABLE t ALTER a TYPE DATE;
--! 42804: column "a" cannot be cast automatically to type date
