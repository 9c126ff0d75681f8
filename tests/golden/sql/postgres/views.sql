-- A view is its query
-- oracle: postgres
-- chapter: definitions

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

CREATE VIEW acme AS SELECT id, user_id, quantity FROM trades WHERE symbol = 'ACME';

SELECT * FROM acme ORDER BY id;
--> id | user_id | quantity
--> 10 | 1 | 5
--> 12 | 2 | NULL
--> 14 | 9 | 3

SELECT count(*), sum(quantity) FROM acme WHERE quantity > 2;
--> count | sum
--> 2 | 8

CREATE VIEW big AS SELECT a.id, u.name FROM acme a LEFT JOIN users u ON u.id = a.user_id;

SELECT * FROM big ORDER BY id;
--> id | name
--> 10 | ada
--> 12 | bob
--> 14 | NULL

INSERT INTO trades VALUES (99, 4, 'ACME', 50, 1.0);

SELECT * FROM big ORDER BY id;
--> id | name
--> 10 | ada
--> 12 | bob
--> 14 | NULL
--> 99 | dan

DROP VIEW big;

SELECT * FROM big;
--! 42P01: relation "big" does not exist
