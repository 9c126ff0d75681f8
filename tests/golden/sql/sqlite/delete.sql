-- DELETE with conditions, subqueries and RETURNING
-- oracle: sqlite
-- chapter: changes

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

DELETE FROM trades WHERE symbol = 'GAMA';

SELECT count(*) FROM trades;
--> count(*)
--> 5

DELETE FROM trades WHERE user_id NOT IN (SELECT id FROM users);

SELECT id FROM trades ORDER BY id;
--> id
--> 10
--> 11
--> 12
--> 15

DELETE FROM trades WHERE id = 10 RETURNING id, symbol;
--> id | symbol
--> 10 | ACME

DELETE FROM trades WHERE nothing = 1;
--! near "nothing": syntax error

DELETE FROM trades;

SELECT count(*) FROM trades;
--> count(*)
--> 0
