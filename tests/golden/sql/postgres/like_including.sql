-- CREATE TABLE LIKE: what comes along, several tables, places of columns
-- oracle: postgres
-- chapter: definitions

CREATE TABLE original (id INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 5) PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ''), b INTEGER UNIQUE, c INTEGER GENERATED ALWAYS AS (b * 2) STORED);

CREATE INDEX original_a ON original (a);

CREATE TABLE plain (LIKE original);

INSERT INTO plain (id, a) VALUES (1, '') RETURNING *;
--> id | a | b | c
--> 1 |  | NULL | NULL

INSERT INTO plain (id) VALUES (1);
--! 23502: null value in column "a" of relation "plain" violates not-null constraint

CREATE TABLE keys (LIKE original INCLUDING INDEXES);

INSERT INTO keys (id, a, b) VALUES (1, '', 1);

INSERT INTO keys (id, a, b) VALUES (1, '', 2);
--! 23505: duplicate key value violates unique constraint "keys_pkey"

INSERT INTO keys (id, a, b) VALUES (2, '', 1);
--! 23505: duplicate key value violates unique constraint "keys_b_key"

SELECT indexname FROM pg_indexes WHERE tablename = 'keys' ORDER BY 1;
--> indexname
--> keys_a_idx
--> keys_b_key
--> keys_pkey

CREATE TABLE counted (LIKE original INCLUDING ALL EXCLUDING CONSTRAINTS);

INSERT INTO counted (a) VALUES ('') RETURNING *;
--> id | a | b | c
--> 5 |  | NULL | NULL

INSERT INTO counted (id, a) VALUES (1, 'y');
--! 428C9: cannot insert a non-DEFAULT value into column "id"

CREATE TABLE other (k INTEGER);

CREATE TABLE mixed (first INTEGER, LIKE other, last INTEGER);

INSERT INTO mixed VALUES (1, 2, 3);

SELECT * FROM mixed;
--> first | k | last
--> 1 | 2 | 3

CREATE TABLE twice (LIKE other, LIKE other);
--! 42701: column "k" specified more than once

CREATE TABLE bad (LIKE original INCLUDING NOTHING);
--! 42601: syntax error at or near "NOTHING"

CREATE TABLE bad (LIKE nothing INCLUDING ALL);
--! 42P01: relation "nothing" does not exist

CREATE TABLE bad (x INTEGER PRIMARY KEY, LIKE original INCLUDING ALL);
--! 42P16: multiple primary keys for table "bad" are not allowed
