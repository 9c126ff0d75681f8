-- CREATE TABLE (LIKE ...)
-- oracle: postgres
-- chapter: definitions

CREATE TABLE original (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a TEXT DEFAULT 'x' NOT NULL CHECK (a <> ''), b INTEGER UNIQUE, c INTEGER GENERATED ALWAYS AS (b * 2) STORED);

CREATE TABLE plain (LIKE original);

INSERT INTO plain VALUES (1, NULL, 1, 1);
--! 23502: null value in column "a" of relation "plain" violates not-null constraint

INSERT INTO plain VALUES (1, '', 1, 5), (1, '', 1, 5);

SELECT * FROM plain ORDER BY id;
--> id | a | b | c
--> 1 |  | 1 | 5
--> 1 |  | 1 | 5

CREATE TABLE whole (LIKE original INCLUDING ALL, extra TEXT);

INSERT INTO whole (b) VALUES (7) RETURNING *;
--> id | a | b | c | extra
--> 1 | x | 7 | 14 | NULL

INSERT INTO whole (b) VALUES (7);
--! 23505: duplicate key value violates unique constraint "whole_b_key"

INSERT INTO whole (a) VALUES ('');
--! 23514: new row for relation "whole" violates check constraint "original_a_check"

CREATE TABLE partly (LIKE original INCLUDING DEFAULTS INCLUDING CONSTRAINTS EXCLUDING IDENTITY);

INSERT INTO partly (id) VALUES (1) RETURNING *;
--> id | a | b | c
--> 1 | x | NULL | NULL

SELECT conname, contype FROM pg_constraint WHERE conrelid = 'whole'::regclass ORDER BY conname;
--> conname | contype
--> original_a_check | c
--> whole_b_key | u
--> whole_pkey | p

CREATE TABLE copy (LIKE nowhere);
--! 42P01: relation "nowhere" does not exist
