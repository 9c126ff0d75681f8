-- References are looked at when a statement's rows are done
-- oracle: postgres
-- chapter: errors

CREATE TABLE p (id integer PRIMARY KEY);

CREATE TABLE c (id integer PRIMARY KEY, n integer NOT NULL, p integer REFERENCES p, CHECK (n < 10));

INSERT INTO c VALUES (1, 1, 7), (2, NULL, NULL);
--! 23502: null value in column "n" of relation "c" violates not-null constraint

INSERT INTO c VALUES (1, 1, 7), (1, 2, NULL);
--! 23505: duplicate key value violates unique constraint "c_pkey"

INSERT INTO c VALUES (1, 1, 7), (2, 11, NULL);
--! 23514: new row for relation "c" violates check constraint "c_n_check"

INSERT INTO c VALUES (1, 1, 7), (2, 2, 8);
--! 23503: insert or update on table "c" violates foreign key constraint "c_p_fkey"

INSERT INTO c VALUES (1, 1, NULL), (2, 2, NULL);

UPDATE c SET p = 7, n = CASE id WHEN 2 THEN 12 ELSE 3 END;
--! 23514: new row for relation "c" violates check constraint "c_n_check"

SELECT * FROM c ORDER BY id;
--> id | n | p
--> 1 | 1 | NULL
--> 2 | 2 | NULL

SELECT array_to_json(1::numeric);
--! 42883: function array_to_json(numeric) does not exist

SELECT row_to_json(1);
--! 42883: function row_to_json(integer) does not exist

SELECT CASE WHEN true THEN '1'::json ELSE '\x01'::bytea END;
--! 42846: CASE/WHEN could not convert type json to bytea

SELECT coalesce('1'::json, '\x01'::bytea);
--! 42846: COALESCE could not convert type bytea to json

SELECT ARRAY['1'::json, '\x01'::bytea];
--! 42846: ARRAY could not convert type bytea to json

SELECT '1'::json UNION SELECT '\x01'::bytea;
--! 42846: UNION could not convert type bytea to json
