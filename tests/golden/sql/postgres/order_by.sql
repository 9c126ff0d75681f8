-- ORDER BY by name, place and expression, with NULLs placed
-- oracle: postgres
-- chapter: queries

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

SELECT id, quantity FROM trades ORDER BY quantity NULLS FIRST, id;
--> id | quantity
--> 12 | NULL
--> 13 | 1
--> 15 | 2
--> 14 | 3
--> 10 | 5
--> 11 | 7

SELECT id, quantity FROM trades ORDER BY quantity DESC NULLS LAST, id;
--> id | quantity
--> 11 | 7
--> 10 | 5
--> 14 | 3
--> 15 | 2
--> 13 | 1
--> 12 | NULL

SELECT symbol, id FROM trades ORDER BY 1 DESC, 2;
--> symbol | id
--> GAMA | 13
--> BETA | 11
--> BETA | 15
--> ACME | 10
--> ACME | 12
--> ACME | 14

SELECT id, price * 2 AS doubled FROM trades ORDER BY doubled DESC LIMIT 3;
--> id | doubled
--> 13 | 200
--> 12 | 22
--> 10 | 21

SELECT id FROM trades ORDER BY -id LIMIT 2;
--> id
--> 15
--> 14

SELECT id FROM trades ORDER BY id LIMIT 2 OFFSET 3;
--> id
--> 13
--> 14

SELECT id FROM trades ORDER BY id LIMIT 0;
--> id

SELECT id FROM trades ORDER BY 2;
--! 42P10: ORDER BY position 2 is not in select list
