-- Keys that are changed: shifted, swapped, with children, made doubles
-- oracle: sqlite
-- chapter: constraints

PRAGMA foreign_keys = ON;

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

UPDATE p SET code = 'b' WHERE id = 13;
--! UNIQUE constraint failed: p.code

UPDATE p SET code = 'b' WHERE id = 12 RETURNING id;
--> id
--> 12

SELECT id, code FROM c ORDER BY id;
--> id | code
--> 10 | NULL
--> 20 | b
--> 30 | NULL

UPDATE p SET id = 12 WHERE id = 11;
--! UNIQUE constraint failed: p.id

UPDATE p SET id = 100 WHERE id = 11;

SELECT p, count(*) AS n FROM c GROUP BY p ORDER BY p;
--> p | n
--> 12 | 1
--> 13 | 1
--> 100 | 1

UPDATE c SET p = 999 WHERE id = 10;
--! FOREIGN KEY constraint failed

UPDATE c SET p = NULL WHERE id = 10;

UPDATE c SET id = id - 5;

SELECT id, p FROM c ORDER BY id;
--> id | p
--> 5 | NULL
--> 15 | 12
--> 25 | 13

CREATE TABLE s (k INTEGER PRIMARY KEY, n TEXT);

INSERT INTO s VALUES (1, 'one'), (2, 'two'), (3, 'three');

UPDATE s SET k = 4 - k;
--! UNIQUE constraint failed: s.k

UPDATE s SET k = -k;

SELECT k, n FROM s ORDER BY k;
--> k | n
--> -3 | three
--> -2 | two
--> -1 | one

UPDATE s SET k = k + 1 WHERE k = -1;

UPDATE OR IGNORE s SET k = 0 WHERE k < 0;

SELECT k, n FROM s ORDER BY k;
--> k | n
--> -3 | three
--> -2 | two
--> 0 | one

UPDATE OR REPLACE s SET k = 0 WHERE k = -2;

SELECT k, n FROM s ORDER BY k;
--> k | n
--> -3 | three
--> 0 | two

UPDATE s SET k = 'x' WHERE k = 0;
--! datatype mismatch

UPDATE s SET k = '7' WHERE k = 0 RETURNING k, typeof(k) AS type;
--> k | type
--> 7 | integer

UPDATE s SET k = k * 2, n = n || k WHERE k = 7 RETURNING k, n;
--> k | n
--> 14 | two7
