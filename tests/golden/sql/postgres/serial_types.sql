-- SERIAL columns are integers with a sequence
-- oracle: postgres
-- chapter: types

CREATE TABLE s (a SMALLSERIAL, b SERIAL, c BIGSERIAL, d TEXT);

INSERT INTO s (d) VALUES ('x'), ('y');

SELECT a, b, c, pg_typeof(a), pg_typeof(b), pg_typeof(c) FROM s ORDER BY a;
--> a | b | c | pg_typeof | pg_typeof | pg_typeof
--> 1 | 1 | 1 | smallint | integer | bigint
--> 2 | 2 | 2 | smallint | integer | bigint

SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = 's' AND table_schema = current_schema() ORDER BY ordinal_position;
--> column_name | data_type | is_nullable
--> a | smallint | NO
--> b | integer | NO
--> c | bigint | NO
--> d | text | YES

INSERT INTO s (b, d) VALUES (10, 'z');

INSERT INTO s (d) VALUES ('w') RETURNING a, b, c;
--> a | b | c
--> 4 | 3 | 4

INSERT INTO s (a, d) VALUES (NULL, 'v');
--! 23502: null value in column "a" of relation "s" violates not-null constraint

INSERT INTO s (a, d) VALUES (DEFAULT, 'v') RETURNING a;
--> a
--> 5

SELECT currval('s_b_seq'), currval('s_c_seq');
--> currval | currval
--> 5 | 6

DROP SEQUENCE s_b_seq;
--! 2BP01: cannot drop sequence s_b_seq because other objects depend on it

ALTER TABLE s ALTER COLUMN b DROP DEFAULT;

INSERT INTO s (d) VALUES ('u');
--! 23502: null value in column "b" of relation "s" violates not-null constraint

DROP TABLE s;

SELECT nextval('s_a_seq');
--! 42P01: relation "s_a_seq" does not exist
