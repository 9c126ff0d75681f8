-- UPDATE from lists of values, from other tables, from windows
-- oracle: postgres
-- chapter: changes

CREATE TABLE stocks (id INTEGER PRIMARY KEY, symbol TEXT UNIQUE, price NUMERIC, place INTEGER);

INSERT INTO stocks VALUES (1, 'A', 10, NULL), (2, 'B', 20, NULL), (3, 'C', 15, NULL);

UPDATE stocks s SET price = v.price FROM (VALUES ('A', 11), ('C', 16), ('X', 1)) AS v(symbol, price) WHERE v.symbol = s.symbol;

SELECT symbol, price FROM stocks ORDER BY symbol;
--> symbol | price
--> A | 11
--> B | 20
--> C | 16

UPDATE stocks s SET place = r.place FROM (SELECT id, rank() OVER (ORDER BY price DESC) AS place FROM stocks) r WHERE r.id = s.id;

SELECT symbol, place FROM stocks ORDER BY place;
--> symbol | place
--> B | 1
--> C | 2
--> A | 3

UPDATE stocks SET price = u.price FROM unnest(ARRAY[1, 2], ARRAY[100.5, 200.5]) AS u(id, price) WHERE u.id = stocks.id;

SELECT symbol, price FROM stocks ORDER BY symbol;
--> symbol | price
--> A | 100.5
--> B | 200.5
--> C | 16

UPDATE stocks SET price = CASE symbol WHEN 'A' THEN 1 WHEN 'B' THEN 2 ELSE price END, symbol = lower(symbol);

SELECT symbol, price FROM stocks ORDER BY symbol;
--> symbol | price
--> a | 1
--> b | 2
--> c | 16

UPDATE stocks SET (price, place) = (place, price) WHERE symbol = 'a' RETURNING price, place;
--> price | place
--> 3 | 1

UPDATE stocks SET (price, place) = (SELECT max(price), min(place) FROM stocks) WHERE id = 2 RETURNING price, place;
--> price | place
--> 16 | 1

UPDATE stocks SET (price, place) = (SELECT price, place FROM stocks x WHERE x.id = 99) WHERE id = 3 RETURNING price, place;
--> price | place
--> NULL | NULL

UPDATE stocks a SET symbol = b.symbol FROM stocks b WHERE (a.id, b.id) IN ((1, 2), (2, 1));
--! 23505: duplicate key value violates unique constraint "stocks_symbol_key"

UPDATE stocks SET id = id + 10;

UPDATE stocks SET id = 30 - id WHERE id < 30;

SELECT id, symbol FROM stocks ORDER BY id;
--> id | symbol
--> 17 | c
--> 18 | b
--> 19 | a

UPDATE stocks SET price = price FROM stocks;
--! 42712: table name "stocks" specified more than once

UPDATE stocks SET price = 1, price = 2;
--! 42601: multiple assignments to same column "price"

UPDATE stocks SET price = (SELECT price FROM stocks);
--! 21000: more than one row returned by a subquery used as an expression
