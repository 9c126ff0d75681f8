-- UPDATE, with expressions, subqueries, FROM and RETURNING
-- oracle: sqlite
-- chapter: changes

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

UPDATE trades SET quantity = quantity + 1 WHERE symbol = 'ACME';

SELECT id, quantity FROM trades ORDER BY id;
--> id | quantity
--> 10 | 6
--> 11 | 7
--> 12 | NULL
--> 13 | 1
--> 14 | 4
--> 15 | 2

UPDATE trades SET quantity = 0, price = price * 2 WHERE quantity IS NULL;

SELECT id, quantity, price FROM trades WHERE id = 12;
--> id | quantity | price
--> 12 | 0 | 22.0

UPDATE users SET country = (SELECT max(symbol) FROM trades WHERE user_id = users.id) WHERE id < 3;

SELECT id, country FROM users ORDER BY id;
--> id | country
--> 1 | BETA
--> 2 | ACME
--> 3 | US
--> 4 | US

UPDATE trades SET symbol = u.name FROM users AS u WHERE u.id = trades.user_id AND u.name = 'ada';

SELECT id, symbol FROM trades ORDER BY id;
--> id | symbol
--> 10 | ada
--> 11 | ada
--> 12 | ACME
--> 13 | GAMA
--> 14 | ACME
--> 15 | BETA

UPDATE users SET name = NULL WHERE id = 1;
--! NOT NULL constraint failed: users.name

UPDATE users SET id = 2 WHERE id = 1;
--! UNIQUE constraint failed: users.id

UPDATE users SET nothing = 1;
--! near "nothing": syntax error

UPDATE users SET name = upper(name) WHERE id > 2 RETURNING id, name;
--> id | name
--> 3 | CYD
--> 4 | DAN

UPDATE users SET id = id + 100 WHERE id = 4;

SELECT id FROM users ORDER BY id;
--> id
--> 1
--> 2
--> 3
--> 104
