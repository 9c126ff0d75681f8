-- Subqueries: scalar, EXISTS, IN, correlated, in FROM
-- oracle: sqlite
-- chapter: queries

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

SELECT name, (SELECT count(*) FROM trades t WHERE t.user_id = u.id) AS n FROM users u ORDER BY id;
--> name | n
--> ada | 2
--> bob | 1
--> cyd | 1
--> dan | 0

SELECT name FROM users u WHERE EXISTS (SELECT 1 FROM trades t WHERE t.user_id = u.id AND t.quantity > 6);
--> name
--> ada

SELECT name FROM users u WHERE NOT EXISTS (SELECT 1 FROM trades t WHERE t.user_id = u.id) ORDER BY id;
--> name
--> dan

SELECT name FROM users WHERE id IN (SELECT user_id FROM trades) ORDER BY id;
--> name
--> ada
--> bob
--> cyd

SELECT name FROM users WHERE id NOT IN (SELECT user_id FROM trades) ORDER BY id;
--> name

SELECT name FROM users WHERE id NOT IN (SELECT user_id FROM trades WHERE user_id IS NOT NULL) ORDER BY id;
--> name
--> dan

SELECT id FROM trades t WHERE price = (SELECT max(price) FROM trades o WHERE o.symbol = t.symbol) ORDER BY id;
--> id
--> 12
--> 13
--> 15

SELECT (SELECT name FROM users WHERE id = 77) AS nobody;
--> nobody
--> NULL

SELECT s.symbol, s.n FROM (SELECT symbol, count(*) AS n FROM trades GROUP BY symbol) AS s WHERE s.n > 1 ORDER BY s.symbol;
--> symbol | n
--> ACME | 3
--> BETA | 2

SELECT id FROM trades WHERE (user_id, symbol) IN (SELECT user_id, 'ACME' FROM trades) ORDER BY id;
--> id
--> 10
--> 12
--> 14
