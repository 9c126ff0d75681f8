-- Conditions on what window functions compute
-- oracle: postgres
-- chapter: windows

CREATE TABLE orders (id INTEGER PRIMARY KEY, symbol TEXT, price NUMERIC(12,4));

INSERT INTO orders SELECT g, 'S' || g % 3, g / 8.0 FROM generate_series(1, 12) g;

SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY symbol ORDER BY price DESC) AS r FROM orders) o WHERE r = 1 ORDER BY id;
--> id
--> 10
--> 11
--> 12

SELECT id, r FROM (SELECT id, symbol, row_number() OVER (PARTITION BY symbol ORDER BY price DESC) AS r FROM orders) o WHERE r <= 2 AND symbol = 'S1' ORDER BY id;
--> id | r
--> 7 | 2
--> 10 | 1

SELECT count(*) FROM (SELECT rank() OVER (ORDER BY symbol) AS r FROM orders) o WHERE r > 4;
--> count
--> 8

SELECT id FROM (SELECT id, price, avg(price) OVER (PARTITION BY symbol) AS mean FROM orders) o WHERE price > mean ORDER BY id;
--> id
--> 7
--> 8
--> 9
--> 10
--> 11
--> 12

SELECT id FROM (SELECT id, symbol, lag(id) OVER (PARTITION BY symbol ORDER BY id) AS before FROM orders) o WHERE before IS NULL AND symbol <> 'S0' ORDER BY id;
--> id
--> 1
--> 2
