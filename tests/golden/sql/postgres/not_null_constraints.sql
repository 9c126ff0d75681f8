-- NOT NULL
-- oracle: postgres
-- chapter: constraints

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT NOT NULL DEFAULT 'x');

INSERT INTO t VALUES (1, NULL, 'b');
--! 23502: null value in column "a" of relation "t" violates not-null constraint

INSERT INTO t (id) VALUES (1);
--! 23502: null value in column "a" of relation "t" violates not-null constraint

INSERT INTO t (id, a) VALUES (1, '');

INSERT INTO t (id, a, b) VALUES (2, 'a', NULL);
--! 23502: null value in column "b" of relation "t" violates not-null constraint

INSERT INTO t VALUES (NULL, 'a', 'b');
--! 23502: null value in column "id" of relation "t" violates not-null constraint

UPDATE t SET b = NULL;
--! 23502: null value in column "b" of relation "t" violates not-null constraint

UPDATE t SET b = NULL WHERE false;

INSERT INTO t SELECT n, nullif('a', 'a') FROM generate_series(2, 3) n;
--! 23502: null value in column "a" of relation "t" violates not-null constraint

SELECT id, a = '' AS empty, b FROM t;
--> id | empty | b
--> 1 | t | x
