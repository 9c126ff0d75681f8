-- TRUNCATE
-- oracle: postgres
-- chapter: changes

CREATE TABLE a (id SERIAL PRIMARY KEY, x TEXT);

CREATE TABLE b (a_id INTEGER REFERENCES a);

INSERT INTO a (x) VALUES ('one'), ('two');

INSERT INTO b VALUES (1);

TRUNCATE a;
--! 0A000: cannot truncate a table referenced in a foreign key constraint
--~! 0A000: cannot truncate table a because foreign key b_a_id_fkey of table b refers to it: truncate both at once, or with CASCADE

TRUNCATE a, b;

SELECT count(*) FROM a;
--> count
--> 0

INSERT INTO a (x) VALUES ('three') RETURNING id;
--> id
--> 3

TRUNCATE a RESTART IDENTITY CASCADE;

INSERT INTO a (x) VALUES ('four') RETURNING id;
--> id
--> 1

BEGIN;

TRUNCATE TABLE b CONTINUE IDENTITY;

INSERT INTO b VALUES (1);

ROLLBACK;

SELECT count(*) FROM b;
--> count
--> 0

CREATE VIEW v AS SELECT 1 AS x;

TRUNCATE v;
--! 42809: "v" is not a table

TRUNCATE nowhere;
--! 42P01: relation "nowhere" does not exist
