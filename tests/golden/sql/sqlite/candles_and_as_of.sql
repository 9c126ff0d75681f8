-- Candles, and trades with the last quote before them
-- oracle: sqlite
-- chapter: windows

CREATE TABLE trades (id INTEGER PRIMARY KEY, symbol TEXT, at TEXT, price REAL, quantity INTEGER);

CREATE TABLE quotes (symbol TEXT, at TEXT, bid REAL);

INSERT INTO trades VALUES (1, 'A', '2024-03-01 09:30:00', 10.0, 100), (2, 'A', '2024-03-01 09:31:59', 10.25, 50), (3, 'A', '2024-03-01 09:34:10', 9.75, 200), (4, 'A', '2024-03-01 09:35:00', 9.8, 10), (5, 'B', '2024-03-01 09:33:00', 50, 5);

INSERT INTO quotes VALUES ('A', '2024-03-01 09:29:00', 9.9), ('A', '2024-03-01 09:31:59', 10.2), ('B', '2024-03-01 09:40:00', 49);

SELECT symbol, datetime(unixepoch(at) / 300 * 300, 'unixepoch') AS bucket, max(price) AS high, min(price) AS low, sum(quantity) AS volume, round(sum(price * quantity) / sum(quantity), 4) AS vwap FROM trades GROUP BY 1, 2 ORDER BY 1, 2;
--> symbol | bucket | high | low | volume | vwap
--> A | 2024-03-01 09:30:00 | 10.25 | 9.75 | 350 | 9.8929
--> A | 2024-03-01 09:35:00 | 9.8 | 9.8 | 10 | 9.8
--> B | 2024-03-01 09:30:00 | 50.0 | 50.0 | 5 | 50.0

SELECT DISTINCT symbol, bucket, first_value(price) OVER w AS open, last_value(price) OVER w AS close FROM (SELECT *, unixepoch(at) / 300 AS bucket FROM trades) WINDOW w AS (PARTITION BY symbol, bucket ORDER BY at, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY 1, 2;
--> symbol | bucket | open | close
--> A | 5697618 | 10.0 | 9.75
--> A | 5697619 | 9.8 | 9.8
--> B | 5697618 | 50.0 | 50.0

SELECT symbol, price AS close, max(at) AS at FROM trades GROUP BY symbol, unixepoch(at) / 300 ORDER BY symbol, at;
--> symbol | close | at
--> A | 9.75 | 2024-03-01 09:34:10
--> A | 9.8 | 2024-03-01 09:35:00
--> B | 50.0 | 2024-03-01 09:33:00

SELECT t.id, (SELECT bid FROM quotes q WHERE q.symbol = t.symbol AND q.at <= t.at ORDER BY q.at DESC LIMIT 1) AS bid FROM trades t ORDER BY t.id;
--> id | bid
--> 1 | 9.9
--> 2 | 10.2
--> 3 | 10.2
--> 4 | 10.2
--> 5 | NULL

SELECT t.id, q.bid, max(q.at) AS quoted FROM trades t LEFT JOIN quotes q ON q.symbol = t.symbol AND q.at <= t.at GROUP BY t.id ORDER BY t.id;
--> id | bid | quoted
--> 1 | 9.9 | 2024-03-01 09:29:00
--> 2 | 10.2 | 2024-03-01 09:31:59
--> 3 | 10.2 | 2024-03-01 09:31:59
--> 4 | 10.2 | 2024-03-01 09:31:59
--> 5 | NULL | NULL

SELECT t.id, q.bid FROM trades t LEFT JOIN (SELECT *, lead(at, 1, '9999') OVER (PARTITION BY symbol ORDER BY at) AS until FROM quotes) q ON q.symbol = t.symbol AND t.at >= q.at AND t.at < q.until ORDER BY t.id;
--> id | bid
--> 1 | 9.9
--> 2 | 10.2
--> 3 | 10.2
--> 4 | 10.2
--> 5 | NULL

SELECT id, symbol, price FROM (SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY price DESC, id) AS n FROM trades) WHERE n <= 2 ORDER BY symbol, n;
--> id | symbol | price
--> 2 | A | 10.25
--> 1 | A | 10.0
--> 5 | B | 50.0

SELECT symbol, group_concat(id, ' ') AS ids FROM (SELECT * FROM trades ORDER BY price) GROUP BY symbol ORDER BY symbol;
--> symbol | ids
--> A | 3 4 1 2
--> B | 5

SELECT symbol, sum(quantity) FILTER (WHERE price >= 10) AS high, sum(quantity) FILTER (WHERE price < 10) AS low, sum(price >= 10) AS n FROM trades GROUP BY symbol ORDER BY symbol;
--> symbol | high | low | n
--> A | 150 | 210 | 2
--> B | 5 | NULL | 1

SELECT id, quantity, sum(quantity) OVER (PARTITION BY symbol ORDER BY price, id) - quantity AS ahead FROM trades ORDER BY symbol, price, id;
--> id | quantity | ahead
--> 3 | 200 | 0
--> 4 | 10 | 200
--> 1 | 100 | 210
--> 2 | 50 | 310
--> 5 | 5 | 0

SELECT sum(min(quantity, 150 - ahead)) AS filled, round(sum(price * min(quantity, 150 - ahead)) / sum(min(quantity, 150 - ahead)), 4) AS mean FROM (SELECT *, sum(quantity) OVER (ORDER BY price, id) - quantity AS ahead FROM trades WHERE symbol = 'A') WHERE ahead < 150;
--> filled | mean
--> 150 | 9.75
