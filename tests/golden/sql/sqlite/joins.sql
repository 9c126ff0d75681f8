-- Every kind of join
-- oracle: sqlite
-- chapter: queries

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

SELECT u.name, t.symbol FROM users u JOIN trades t ON t.user_id = u.id ORDER BY t.id;
--> name | symbol
--> ada | ACME
--> ada | BETA
--> bob | ACME
--> cyd | GAMA

SELECT u.name, t.id FROM users u LEFT JOIN trades t ON t.user_id = u.id ORDER BY u.id, t.id;
--> name | id
--> ada | 10
--> ada | 11
--> bob | 12
--> cyd | 13
--> dan | NULL

SELECT u.name, t.id FROM users u RIGHT JOIN trades t ON t.user_id = u.id ORDER BY t.id;
--> name | id
--> ada | 10
--> ada | 11
--> bob | 12
--> cyd | 13
--> NULL | 14
--> NULL | 15

SELECT u.id, t.id FROM users u FULL JOIN trades t ON t.user_id = u.id ORDER BY u.id NULLS FIRST, t.id NULLS FIRST;
--> id | id
--> NULL | 14
--> NULL | 15
--> 1 | 10
--> 1 | 11
--> 2 | 12
--> 3 | 13
--> 4 | NULL

SELECT count(*) FROM users CROSS JOIN trades;
--> count(*)
--> 24

SELECT count(*) FROM users, trades WHERE users.id = trades.user_id;
--> count(*)
--> 4

SELECT u.name, t.id FROM users u LEFT JOIN trades t ON t.user_id = u.id AND t.symbol = 'ACME' ORDER BY u.id;
--> name | id
--> ada | 10
--> bob | 12
--> cyd | NULL
--> dan | NULL

SELECT u.name FROM users u LEFT JOIN trades t ON t.user_id = u.id WHERE t.id IS NULL ORDER BY u.id;
--> name
--> dan

SELECT a.id, b.id FROM trades a JOIN trades b ON a.symbol = b.symbol AND a.id < b.id ORDER BY a.id, b.id;
--> id | id
--> 10 | 12
--> 10 | 14
--> 11 | 15
--> 12 | 14
