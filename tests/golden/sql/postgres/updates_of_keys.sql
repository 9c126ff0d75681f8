-- Keys that are changed: shifted, swapped, with children, with NULLs
-- oracle: postgres
-- chapter: constraints

CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE);

CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON UPDATE CASCADE, code TEXT REFERENCES p (code) ON UPDATE SET NULL);

INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, NULL);

INSERT INTO c VALUES (10, 1, 'a'), (20, 2, 'b'), (30, 3, NULL);

UPDATE p SET id = id + 10;

SELECT id, p FROM c ORDER BY id;
--> id | p
--> 10 | 11
--> 20 | 12
--> 30 | 13

UPDATE p SET code = 'z' WHERE code = 'a';

SELECT id, code FROM c ORDER BY id;
--> id | code
--> 10 | NULL
--> 20 | b
--> 30 | NULL

UPDATE p SET code = NULL WHERE code = 'z';

UPDATE p SET code = 'b' WHERE id = 13;
--! 23505: duplicate key value violates unique constraint "p_code_key"

UPDATE p SET code = 'b' WHERE id = 12 RETURNING id;
--> id
--> 12

SELECT id, code FROM c ORDER BY id;
--> id | code
--> 10 | NULL
--> 20 | b
--> 30 | NULL

UPDATE p SET id = 12 WHERE id = 11;
--! 23505: duplicate key value violates unique constraint "p_pkey"

UPDATE p SET id = 100 WHERE id = 11;

SELECT p, count(*) FROM c GROUP BY p ORDER BY p;
--> p | count
--> 12 | 1
--> 13 | 1
--> 100 | 1

UPDATE c SET p = 999 WHERE id = 10;
--! 23503: insert or update on table "c" violates foreign key constraint "c_p_fkey"

UPDATE c SET p = NULL WHERE id = 10;

UPDATE c SET id = id - 5;

SELECT id, p FROM c ORDER BY id;
--> id | p
--> 5 | NULL
--> 15 | 12
--> 25 | 13

CREATE TABLE s (k INTEGER UNIQUE DEFERRABLE INITIALLY DEFERRED);
--~! 0A000: unique keys that are INITIALLY DEFERRED are not supported

INSERT INTO s VALUES (1), (2), (3);
--~! 42P01: relation "s" does not exist

UPDATE s SET k = 4 - k;
--~! 42P01: relation "s" does not exist

UPDATE s SET k = k + 1;
--~! 42P01: relation "s" does not exist

SELECT k FROM s ORDER BY k;
--> k
--> 2
--> 3
--> 4
--~! 42P01: relation "s" does not exist

BEGIN;

INSERT INTO s VALUES (2);
--~! 42P01: relation "s" does not exist

DELETE FROM s WHERE k = 2;
--~! 25P02: current transaction is aborted, commands ignored until end of transaction block

COMMIT;

SELECT k FROM s ORDER BY k;
--> k
--> 3
--> 4
--~! 42P01: relation "s" does not exist

UPDATE p SET id = -id;

SELECT id FROM p ORDER BY id;
--> id
--> -100
--> -13
--> -12
