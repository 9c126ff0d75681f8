-- WITH, also recursive
-- oracle: sqlite
-- chapter: queries

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, user_id INTEGER, symbol TEXT, quantity INTEGER, price REAL);

INSERT INTO users VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US'), (4, 'dan', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5), (11, 1, 'BETA', 7, 2.25), (12, 2, 'ACME', NULL, 11.0), (13, 3, 'GAMA', 1, 100.0), (14, 9, 'ACME', 3, 9.75), (15, NULL, 'BETA', 2, 2.5);

WITH acme AS (SELECT * FROM trades WHERE symbol = 'ACME') SELECT count(*), sum(quantity) FROM acme;
--> count(*) | sum(quantity)
--> 3 | 8

WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT x, y FROM a, b;
--> x | y
--> 1 | 2

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i, i * i AS square FROM n ORDER BY i;
--> i | square
--> 1 | 1
--> 2 | 4
--> 3 | 9
--> 4 | 16
--> 5 | 25

WITH RECURSIVE f(a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM f WHERE b < 50) SELECT a FROM f ORDER BY a;
--> a
--> 0
--> 1
--> 1
--> 2
--> 3
--> 5
--> 8
--> 13
--> 21
--> 34

WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT (i * 2) % 7 FROM n) SELECT i FROM n ORDER BY i;
--> i
--> 1
--> 2
--> 4

WITH c(name) AS (SELECT name FROM users) SELECT count(*) FROM c AS one JOIN c AS other ON one.name = other.name;
--> count(*)
--> 4
