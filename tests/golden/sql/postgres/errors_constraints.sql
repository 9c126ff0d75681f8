-- Class 23: constraints, with the names that are told
-- oracle: postgres
-- chapter: errors

CREATE TABLE p (id INTEGER PRIMARY KEY);

CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT CONSTRAINT only_once UNIQUE, n TEXT NOT NULL, c INTEGER CHECK (c > 0), f INTEGER REFERENCES p, CONSTRAINT pair CHECK (c > id));

INSERT INTO p VALUES (1);

INSERT INTO t VALUES (1, 'a', 'n', 5, 1);

INSERT INTO t VALUES (1, 'b', 'n', 5, 1);
--! 23505: duplicate key value violates unique constraint "t_pkey"

INSERT INTO t VALUES (2, 'a', 'n', 5, 1);
--! 23505: duplicate key value violates unique constraint "only_once"

INSERT INTO t VALUES (2, 'b', NULL, 5, 1);
--! 23502: null value in column "n" of relation "t" violates not-null constraint

INSERT INTO t VALUES (2, 'b', 'n', -1, 1);
--! 23514: new row for relation "t" violates check constraint "pair"

INSERT INTO t VALUES (9, 'b', 'n', 5, 1);
--! 23514: new row for relation "t" violates check constraint "pair"

INSERT INTO t VALUES (2, 'b', 'n', 5, 2);
--! 23503: insert or update on table "t" violates foreign key constraint "t_f_fkey"

DELETE FROM p;
--! 23503: update or delete on table "p" violates foreign key constraint "t_f_fkey" on table "t"

UPDATE p SET id = 2;
--! 23503: update or delete on table "p" violates foreign key constraint "t_f_fkey" on table "t"

INSERT INTO t VALUES (NULL, NULL, NULL, NULL, NULL);
--! 23502: null value in column "id" of relation "t" violates not-null constraint

INSERT INTO t VALUES (1, 'a', NULL, -1, 9);
--! 23502: null value in column "n" of relation "t" violates not-null constraint

INSERT INTO t VALUES (1, 'a', 'n', 5, 9);
--! 23505: duplicate key value violates unique constraint "t_pkey"

UPDATE t SET f = 7;
--! 23503: insert or update on table "t" violates foreign key constraint "t_f_fkey"

UPDATE t SET id = NULL;
--! 23502: null value in column "id" of relation "t" violates not-null constraint

SELECT * FROM t;
--> id | u | n | c | f
--> 1 | a | n | 5 | 1
