-- DISTINCT ON keeps the first row of each
-- oracle: postgres
-- chapter: queries

CREATE TABLE p (symbol TEXT, at INTEGER, price INTEGER);

INSERT INTO p VALUES ('A', 1, 10), ('A', 3, 30), ('B', 2, 20), ('A', 2, 15);

SELECT DISTINCT ON (symbol) symbol, at, price FROM p ORDER BY symbol, at DESC;
--> symbol | at | price
--> A | 3 | 30
--> B | 2 | 20

SELECT DISTINCT ON (symbol) symbol, at FROM p ORDER BY at;
--! 42P10: SELECT DISTINCT ON expressions must match initial ORDER BY expressions
