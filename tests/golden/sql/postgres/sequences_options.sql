-- CREATE SEQUENCE: bounds, steps, cycles
-- oracle: postgres
-- chapter: definitions

CREATE SEQUENCE down INCREMENT -2 START 10 MINVALUE 7 MAXVALUE 10;

SELECT nextval('down') AS a, nextval('down') AS b;
--> a | b
--> 10 | 8

SELECT nextval('down');
--! 2200H: nextval: reached minimum value of sequence "down" (7)

CREATE SEQUENCE round MAXVALUE 2 CYCLE;

SELECT nextval('round') AS a, nextval('round') AS b, nextval('round') AS c;
--> a | b | c
--> 1 | 2 | 1

CREATE SEQUENCE small AS SMALLINT START 32767;

SELECT nextval('small') AS top;
--> top
--> 32767

SELECT nextval('small');
--! 2200H: nextval: reached maximum value of sequence "small" (32767)

CREATE SEQUENCE bad INCREMENT 0;
--! 22023: INCREMENT must not be zero

CREATE SEQUENCE bad MINVALUE 5 MAXVALUE 1;
--! 22023: MINVALUE (5) must be less than MAXVALUE (1)

CREATE SEQUENCE bad START 0;
--! 22023: START value (0) cannot be less than MINVALUE (1)

CREATE SEQUENCE bad AS TEXT;
--! 22023: sequence type must be smallint, integer, or bigint

ALTER SEQUENCE round RESTART WITH 1 INCREMENT 1 NO CYCLE MAXVALUE 3;

SELECT nextval('round') AS a, nextval('round') AS b, nextval('round') AS c;
--> a | b | c
--> 1 | 2 | 3

SELECT nextval('round');
--! 2200H: nextval: reached maximum value of sequence "round" (3)

ALTER SEQUENCE round RENAME TO again;

SELECT sequencename, start_value, min_value, max_value, increment_by, cycle FROM pg_sequences WHERE sequencename IN ('down', 'again', 'small') ORDER BY 1;
--> sequencename | start_value | min_value | max_value | increment_by | cycle
--> again | 1 | 1 | 3 | 1 | f
--> down | 10 | 7 | 10 | -2 | f
--> small | 32767 | 1 | 32767 | 1 | f

DROP SEQUENCE IF EXISTS round;

CREATE SEQUENCE IF NOT EXISTS again;

CREATE TABLE owner (id INTEGER);

ALTER SEQUENCE again OWNED BY owner.id;

DROP TABLE owner;

SELECT nextval('again');
--! 42P01: relation "again" does not exist
