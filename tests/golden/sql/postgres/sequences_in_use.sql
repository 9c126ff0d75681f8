-- Sequences shared by tables, set anew, used up
-- oracle: postgres
-- chapter: definitions

CREATE SEQUENCE numbers START 100 INCREMENT 10;

CREATE TABLE a (id INTEGER DEFAULT nextval('numbers') PRIMARY KEY, x TEXT);

CREATE TABLE b (id INTEGER DEFAULT nextval('numbers') PRIMARY KEY, x TEXT);

INSERT INTO a (x) VALUES ('first') RETURNING id;
--> id
--> 100

INSERT INTO b (x) VALUES ('second') RETURNING id;
--> id
--> 110

INSERT INTO a (x) VALUES ('third') RETURNING id;
--> id
--> 120

SELECT currval('numbers') AS current, lastval() AS last;
--> current | last
--> 120 | 120

INSERT INTO a (id, x) VALUES (130, 'by hand');

INSERT INTO a (x) VALUES ('clash');
--! 23505: duplicate key value violates unique constraint "a_pkey"

INSERT INTO a (x) VALUES ('gap') RETURNING id;
--> id
--> 140

SELECT setval('numbers', 200) AS set, nextval('numbers') AS next, setval('numbers', 300, false) AS begin, nextval('numbers') AS first;
--> set | next | begin | first
--> 200 | 210 | 300 | 300

SELECT setval('numbers', (SELECT max(id) FROM a)) AS to_max, nextval('numbers') AS next;
--> to_max | next
--> 140 | 150

ALTER SEQUENCE numbers RESTART WITH 7 INCREMENT 1;

SELECT nextval('numbers') AS seven, nextval('numbers') AS eight;
--> seven | eight
--> 7 | 8

CREATE SEQUENCE few MINVALUE 1 MAXVALUE 2;

SELECT nextval('few') AS a, nextval('few') AS b;
--> a | b
--> 1 | 2

SELECT nextval('few');
--! 2200H: nextval: reached maximum value of sequence "few" (2)

ALTER SEQUENCE few CYCLE;

SELECT nextval('few') AS around;
--> around
--> 1

DROP SEQUENCE numbers;
--! 2BP01: cannot drop sequence numbers because other objects depend on it

DROP SEQUENCE numbers CASCADE;

INSERT INTO a (x) VALUES ('none');
--! 23502: null value in column "id" of relation "a" violates not-null constraint

SELECT nextval('numbers');
--! 42P01: relation "numbers" does not exist
