-- ALTER COLUMN TYPE over rows that do not fit, and sequences that a DEFAULT asks
-- oracle: postgres
-- chapter: definitions

CREATE TYPE mood AS ENUM ('sad', 'ok');

CREATE TABLE t (id INTEGER, a TEXT, b VARCHAR(9));

INSERT INTO t VALUES (1, 'ok', 'letters'), (2, 'sad', 'few');

ALTER TABLE t ALTER COLUMN b TYPE VARCHAR(3);
--! 22001: value too long for type character varying(3)

ALTER TABLE t ALTER COLUMN b TYPE VARCHAR(7);

ALTER TABLE t ALTER COLUMN b TYPE VARCHAR(3) USING b::VARCHAR(3);

SELECT id, b FROM t ORDER BY id;
--> id | b
--> 1 | let
--> 2 | few

ALTER TABLE t ALTER COLUMN a TYPE mood USING a::mood;

SELECT a FROM t ORDER BY a;
--> a
--> sad
--> ok

ALTER TABLE t ALTER COLUMN a TYPE CHAR(2) USING a::CHAR(2);

SELECT a FROM t ORDER BY id;
--> a
--> ok
--> sa

ALTER TABLE t ALTER COLUMN a TYPE mood USING a::mood;
--! 22P02: invalid input value for enum mood: "sa"

CREATE SEQUENCE numbers;

CREATE TABLE n (id INTEGER DEFAULT nextval('numbers'), x INTEGER);

DROP SEQUENCE numbers;
--! 2BP01: cannot drop sequence numbers because other objects depend on it

DROP SEQUENCE numbers CASCADE;

INSERT INTO n (x) VALUES (1) RETURNING id, x;
--> id | x
--> NULL | 1
