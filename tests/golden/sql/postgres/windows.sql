-- Window functions and frames
-- oracle: postgres
-- chapter: windows

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM users ORDER BY id;
--> id | n
--> 1 | 4
--> 2 | 3
--> 3 | 2
--> 4 | 1

SELECT id, symbol, rank() OVER (PARTITION BY symbol ORDER BY price) AS r FROM trades ORDER BY id;
--> id | symbol | r
--> 10 | ACME | 2
--> 11 | BETA | 1
--> 12 | ACME | 3
--> 13 | GAMA | 1
--> 14 | ACME | 1
--> 15 | BETA | 2

SELECT id, dense_rank() OVER (ORDER BY symbol) AS d, ntile(2) OVER (ORDER BY id) AS half FROM trades ORDER BY id;
--> id | d | half
--> 10 | 1 | 1
--> 11 | 2 | 1
--> 12 | 1 | 1
--> 13 | 3 | 2
--> 14 | 1 | 2
--> 15 | 2 | 2

SELECT id, lag(id) OVER (ORDER BY id) AS before, lead(id, 2, -1) OVER (ORDER BY id) AS later FROM trades ORDER BY id;
--> id | before | later
--> 10 | NULL | 12
--> 11 | 10 | 13
--> 12 | 11 | 14
--> 13 | 12 | 15
--> 14 | 13 | -1
--> 15 | 14 | -1

SELECT id, sum(quantity) OVER (ORDER BY id) AS running FROM trades ORDER BY id;
--> id | running
--> 10 | 5
--> 11 | 12
--> 12 | 12
--> 13 | 13
--> 14 | 16
--> 15 | 18

SELECT id, sum(quantity) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near FROM trades ORDER BY id;
--> id | near
--> 10 | 12
--> 11 | 12
--> 12 | 8
--> 13 | 4
--> 14 | 6
--> 15 | 5

SELECT id, count(*) OVER () AS every FROM users ORDER BY id;
--> id | every
--> 1 | 4
--> 2 | 4
--> 3 | 4
--> 4 | 4

SELECT id, first_value(symbol) OVER w AS f, last_value(symbol) OVER w AS l FROM trades WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY id;
--> id | f | l
--> 10 | ACME | BETA
--> 11 | ACME | BETA
--> 12 | ACME | BETA
--> 13 | ACME | BETA
--> 14 | ACME | BETA
--> 15 | ACME | BETA

SELECT id, count(*) OVER (ORDER BY symbol GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS g FROM trades ORDER BY id;
--> id | g
--> 10 | 5
--> 11 | 3
--> 12 | 5
--> 13 | 1
--> 14 | 5
--> 15 | 3

SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS others FROM users ORDER BY id;
--> id | others
--> 1 | 9
--> 2 | 8
--> 3 | 7
--> 4 | 6

SELECT symbol, sum(sum(quantity)) OVER (ORDER BY symbol) AS cumulated FROM trades GROUP BY symbol ORDER BY symbol;
--> symbol | cumulated
--> ACME | 8
--> BETA | 17
--> GAMA | 18
