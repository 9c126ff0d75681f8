-- What DISTINCT ON needs
-- oracle: postgres
-- chapter: queries

CREATE TABLE ticks (symbol TEXT, at INTEGER, price INTEGER);

INSERT INTO ticks VALUES ('A', 1, 10), ('A', 2, 12), ('B', 1, 7), ('B', 3, 5), (NULL, 1, 1), (NULL, 2, 2);

SELECT DISTINCT ON (symbol) symbol, price FROM ticks ORDER BY symbol, at DESC;
--> symbol | price
--> A | 12
--> B | 5
--> NULL | 2

SELECT DISTINCT ON (symbol) at FROM ticks ORDER BY symbol, price;
--> at
--> 1
--> 3
--> 1

SELECT DISTINCT ON (1) symbol, price FROM ticks ORDER BY 1, price DESC;
--> symbol | price
--> A | 12
--> B | 7
--> NULL | 2

SELECT DISTINCT ON (at % 2, symbol) at % 2 AS odd, symbol, price FROM ticks ORDER BY symbol, at % 2, price;
--> odd | symbol | price
--> 0 | A | 12
--> 1 | A | 10
--> 1 | B | 5
--> 0 | NULL | 2
--> 1 | NULL | 1

SELECT DISTINCT ON (symbol) symbol FROM ticks ORDER BY price;
--! 42P10: SELECT DISTINCT ON expressions must match initial ORDER BY expressions

SELECT DISTINCT ON (symbol) symbol, count(*) OVER (PARTITION BY symbol) AS n FROM ticks ORDER BY symbol;
--> symbol | n
--> A | 2
--> B | 2
--> NULL | 2

SELECT DISTINCT ON (symbol) symbol, price FROM ticks ORDER BY symbol, price LIMIT 1;
--> symbol | price
--> A | 10

SELECT DISTINCT ON (nothing) symbol FROM ticks;
--! 42703: column "nothing" does not exist
