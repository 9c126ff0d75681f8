-- UPDATE from other tables, from lists, from windows; rows that several match
-- oracle: sqlite
-- chapter: changes

CREATE TABLE stocks (id INTEGER PRIMARY KEY, symbol TEXT UNIQUE, price REAL, place INTEGER);

CREATE TABLE feed (symbol TEXT, price REAL);

INSERT INTO stocks VALUES (1, 'A', 10.0, NULL), (2, 'B', 20.0, NULL), (3, 'C', 15.0, NULL);

INSERT INTO feed VALUES ('A', 11.5), ('C', 16.5), ('X', 1.0);

UPDATE stocks SET price = f.price FROM feed f WHERE f.symbol = stocks.symbol;

SELECT symbol, price FROM stocks ORDER BY symbol;
--> symbol | price
--> A | 11.5
--> B | 20.0
--> C | 16.5

UPDATE stocks SET price = v.p FROM (SELECT column1 AS s, column2 AS p FROM (VALUES ('A', 1.0), ('B', 2.0))) AS v WHERE v.s = stocks.symbol;

SELECT symbol, price FROM stocks ORDER BY symbol;
--> symbol | price
--> A | 1.0
--> B | 2.0
--> C | 16.5

UPDATE stocks SET place = r.n FROM (SELECT id, rank() OVER (ORDER BY price DESC) AS n FROM stocks) AS r WHERE r.id = stocks.id;

SELECT symbol, place FROM stocks ORDER BY place;
--> symbol | place
--> C | 1
--> B | 2
--> A | 3

UPDATE stocks SET price = (SELECT price FROM feed WHERE feed.symbol = stocks.symbol);

SELECT symbol, price FROM stocks ORDER BY symbol;
--> symbol | price
--> A | 11.5
--> B | NULL
--> C | 16.5

UPDATE stocks SET price = coalesce(price, 0.0) + 1, place = price WHERE symbol = 'A' RETURNING price, place;
--> price | place
--> 12.5 | 11.5
--~! cannot store REAL value in BIGINT column stocks.place

UPDATE stocks SET price = 5.0, symbol = lower(symbol) WHERE price IS NULL RETURNING symbol, price;
--> symbol | price
--> b | 5.0

UPDATE stocks SET id = id + 10 WHERE id = 3;

SELECT id FROM stocks ORDER BY id;
--> id
--> 1
--> 2
--> 13

UPDATE stocks SET symbol = 'A' WHERE id = 2;
--! UNIQUE constraint failed: stocks.symbol

UPDATE OR IGNORE stocks SET symbol = 'A' WHERE id = 2;

UPDATE OR REPLACE stocks SET symbol = 'A' WHERE id = 2;

SELECT id, symbol FROM stocks ORDER BY id;
--> id | symbol
--> 2 | A
--> 13 | C

UPDATE stocks SET price = price WHERE 0 RETURNING id;
--> id

UPDATE stocks SET nothing_there = 1;
--! no such column: nothing_there

UPDATE stocks SET price = 1.0, price = 2.0 WHERE id = 2 RETURNING price;
--> price
--> 2.0

UPDATE stocks SET price = s.price FROM stocks AS s WHERE s.id = 13 AND stocks.id = 2 RETURNING stocks.price = (SELECT price FROM stocks WHERE id = 13) AS same;
--> same
--> 1
