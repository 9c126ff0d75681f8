-- Aggregates of all rows, of none, and by group
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

SELECT count(*), count(quantity), sum(quantity), min(price), max(symbol) FROM trades;
--> count(*) | count(quantity) | sum(quantity) | min(price) | max(symbol)
--> 6 | 5 | 18 | 2.25 | GAMA

SELECT count(*), sum(quantity), min(quantity) FROM trades WHERE id > 100;
--> count(*) | sum(quantity) | min(quantity)
--> 0 | NULL | NULL

SELECT symbol, count(*), sum(quantity) FROM trades GROUP BY symbol ORDER BY symbol;
--> symbol | count(*) | sum(quantity)
--> ACME | 3 | 8
--> BETA | 2 | 9
--> GAMA | 1 | 1

SELECT user_id, count(*) FROM trades GROUP BY user_id ORDER BY user_id NULLS FIRST;
--> user_id | count(*)
--> NULL | 1
--> 1 | 2
--> 2 | 1
--> 3 | 1
--> 9 | 1

SELECT symbol, count(*) AS n FROM trades GROUP BY symbol HAVING count(*) > 1 ORDER BY n DESC, symbol;
--> symbol | n
--> ACME | 3
--> BETA | 2

SELECT count(DISTINCT symbol), count(DISTINCT user_id) FROM trades;
--> count(DISTINCT symbol) | count(DISTINCT user_id)
--> 3 | 4

SELECT symbol, sum(quantity) FILTER (WHERE price > 5) FROM trades GROUP BY symbol ORDER BY symbol;
--> symbol | sum(quantity) FILTER (WHERE price > 5)
--> ACME | 8
--> BETA | NULL
--> GAMA | 1

SELECT symbol FROM trades GROUP BY symbol ORDER BY count(*) DESC, symbol;
--> symbol
--> ACME
--> BETA
--> GAMA

SELECT count(*) FROM trades GROUP BY symbol HAVING 1 = 2;
--> count(*)

SELECT max(price) - min(price) AS spread FROM trades WHERE symbol = 'ACME';
--> spread
--> 1.25

SELECT sum(quantity * 2) + 1 FROM trades;
--> sum(quantity * 2) + 1
--> 37
