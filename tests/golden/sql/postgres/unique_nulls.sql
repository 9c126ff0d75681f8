-- UNIQUE and NULLs, NULLS NOT DISTINCT
-- oracle: postgres
-- chapter: constraints

CREATE TABLE t (a INTEGER, b INTEGER, UNIQUE (a, b));

INSERT INTO t VALUES (1, NULL), (1, NULL), (NULL, NULL), (NULL, NULL);

INSERT INTO t VALUES (1, 1);

INSERT INTO t VALUES (1, 1);
--! 23505: duplicate key value violates unique constraint "t_a_b_key"

SELECT count(*) FROM t;
--> count
--> 5

CREATE TABLE u (a INTEGER UNIQUE NULLS NOT DISTINCT);
--~! 0A000: UNIQUE NULLS NOT DISTINCT is not supported

INSERT INTO u VALUES (NULL);
--~! 42P01: relation "u" does not exist

INSERT INTO u VALUES (NULL);
--! 23505: duplicate key value violates unique constraint "u_a_key"
--~! 42P01: relation "u" does not exist

CREATE UNIQUE INDEX t_a ON t (a) NULLS NOT DISTINCT;
--! 23505: could not create unique index "t_a"
--~! 0A000: UNIQUE NULLS NOT DISTINCT is not supported

UPDATE t SET a = 2 WHERE b = 1;

INSERT INTO t VALUES (2, 1), (3, 1);
--! 23505: duplicate key value violates unique constraint "t_a_b_key"

SELECT count(*) FROM t WHERE a = 3;
--> count
--> 0
