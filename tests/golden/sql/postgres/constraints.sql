-- PRIMARY KEY, UNIQUE, NOT NULL and CHECK refuse whole statements
-- oracle: postgres
-- chapter: constraints

CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT UNIQUE, age INTEGER CHECK (age >= 0), name TEXT NOT NULL);

INSERT INTO t VALUES (1, 'a@x', 30, 'a');

INSERT INTO t VALUES (2, 'a@x', 30, 'b');
--! 23505: duplicate key value violates unique constraint "t_email_key"

INSERT INTO t VALUES (2, 'b@x', -1, 'b');
--! 23514: new row for relation "t" violates check constraint "t_age_check"

INSERT INTO t VALUES (2, 'b@x', NULL, 'b');

INSERT INTO t VALUES (3, NULL, 1, 'c'), (4, NULL, 1, 'd');

INSERT INTO t VALUES (5, 'e@x', 1, 'e'), (6, 'a@x', 1, 'f');
--! 23505: duplicate key value violates unique constraint "t_email_key"

SELECT id, email, age FROM t ORDER BY id;
--> id | email | age
--> 1 | a@x | 30
--> 2 | b@x | NULL
--> 3 | NULL | 1
--> 4 | NULL | 1

UPDATE t SET email = 'a@x' WHERE id = 2;
--! 23505: duplicate key value violates unique constraint "t_email_key"

UPDATE t SET age = age - 100 WHERE id = 1;
--! 23514: new row for relation "t" violates check constraint "t_age_check"
