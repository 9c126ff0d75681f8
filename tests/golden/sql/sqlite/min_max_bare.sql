-- Bare columns beside MIN and MAX
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE trades (symbol TEXT, price REAL, id INTEGER);

INSERT INTO trades VALUES ('A', 10, 1), ('A', 12, 2), ('B', 7, 3), ('B', NULL, 4);

SELECT symbol, max(price), id FROM trades GROUP BY symbol ORDER BY symbol;
--> symbol | max(price) | id
--> A | 12.0 | 2
--> B | 7.0 | 3

SELECT symbol, min(price), id FROM trades GROUP BY symbol ORDER BY symbol;
--> symbol | min(price) | id
--> A | 10.0 | 1
--> B | 7.0 | 3

SELECT max(price), id FROM trades WHERE symbol = 'B';
--> max(price) | id
--> 7.0 | 3

SELECT id, max(price) FROM trades WHERE 0;
--> id | max(price)
--> NULL | NULL

SELECT id, max(price) FROM trades WHERE price IS NULL;
--> id | max(price)
--> 4 | NULL

SELECT symbol, id FROM trades GROUP BY symbol HAVING max(price) ORDER BY symbol;
--> symbol | id
--> A | 2
--> B | 3
