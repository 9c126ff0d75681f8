-- WHERE keeps rows for which the condition is true, not unknown
-- oracle: sqlite
-- chapter: queries

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

SELECT id, name FROM users WHERE country = 'US' ORDER BY id;
--> id | name
--> 3 | cyd
--> 4 | dan

SELECT id, name FROM users WHERE country <> 'US' ORDER BY id;
--> id | name
--> 1 | ada

SELECT id FROM users WHERE NOT (country = 'US') ORDER BY id;
--> id
--> 1

SELECT id FROM users WHERE country IS NULL;
--> id
--> 2

SELECT id FROM users WHERE country IS NOT NULL AND id > 1 ORDER BY id;
--> id
--> 3
--> 4

SELECT id FROM users WHERE id = 1 OR country IS NULL ORDER BY id;
--> id
--> 1
--> 2

SELECT id FROM trades WHERE quantity BETWEEN 2 AND 5 ORDER BY id;
--> id
--> 10
--> 14
--> 15

SELECT id FROM trades WHERE quantity NOT BETWEEN 2 AND 5 ORDER BY id;
--> id
--> 11
--> 13

SELECT id FROM trades WHERE symbol IN ('BETA', 'GAMA') ORDER BY id;
--> id
--> 11
--> 13
--> 15

SELECT id FROM trades WHERE quantity NOT IN (5, 7) ORDER BY id;
--> id
--> 13
--> 14
--> 15

SELECT id FROM trades WHERE quantity NOT IN (5, NULL) ORDER BY id;
--> id
