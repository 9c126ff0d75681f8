-- DISTINCT takes NULL for equal to NULL
-- oracle: postgres
-- chapter: queries

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

SELECT DISTINCT symbol FROM trades ORDER BY symbol;
--> symbol
--> ACME
--> BETA
--> GAMA

SELECT DISTINCT country FROM users ORDER BY country NULLS FIRST;
--> country
--> NULL
--> UK
--> US

SELECT DISTINCT symbol, quantity > 3 AS large FROM trades WHERE quantity IS NOT NULL ORDER BY 1, 2;
--> symbol | large
--> ACME | f
--> ACME | t
--> BETA | f
--> BETA | t
--> GAMA | f

SELECT count(*) FROM (SELECT DISTINCT user_id FROM trades) AS u;
--> count
--> 5
