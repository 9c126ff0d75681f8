-- As-of joins: each trade with the last quote before it
-- oracle: postgres
-- chapter: queries

CREATE TABLE quotes (symbol TEXT, at TIMESTAMP, bid NUMERIC, ask NUMERIC);

CREATE TABLE trades (id INTEGER PRIMARY KEY, symbol TEXT, at TIMESTAMP, price NUMERIC);

INSERT INTO quotes VALUES ('A', '2024-01-02 09:30:00', 9.9, 10.1), ('A', '2024-01-02 09:30:10', 10.0, 10.2), ('A', '2024-01-02 09:31:00', 10.1, 10.3), ('B', '2024-01-02 09:30:30', 20.0, 20.5);

INSERT INTO trades VALUES (1, 'A', '2024-01-02 09:29:59', 10.0), (2, 'A', '2024-01-02 09:30:10', 10.2), (3, 'A', '2024-01-02 09:30:59', 10.0), (4, 'B', '2024-01-02 10:00:00', 20.4), (5, 'C', '2024-01-02 10:00:00', 1);

SELECT t.id, q.bid, q.ask FROM trades t LEFT JOIN LATERAL (SELECT * FROM quotes q WHERE q.symbol = t.symbol AND q.at <= t.at ORDER BY q.at DESC LIMIT 1) q ON true ORDER BY t.id;
--> id | bid | ask
--> 1 | NULL | NULL
--> 2 | 10.0 | 10.2
--> 3 | 10.0 | 10.2
--> 4 | 20.0 | 20.5
--> 5 | NULL | NULL

SELECT DISTINCT ON (t.id) t.id, q.bid FROM trades t LEFT JOIN quotes q ON q.symbol = t.symbol AND q.at <= t.at ORDER BY t.id, q.at DESC;
--> id | bid
--> 1 | NULL
--> 2 | 10.0
--> 3 | 10.0
--> 4 | 20.0
--> 5 | NULL

SELECT t.id, q.bid FROM trades t LEFT JOIN quotes q ON q.symbol = t.symbol AND q.at = (SELECT max(at) FROM quotes x WHERE x.symbol = t.symbol AND x.at <= t.at) ORDER BY t.id;
--> id | bid
--> 1 | NULL
--> 2 | 10.0
--> 3 | 10.0
--> 4 | 20.0
--> 5 | NULL

SELECT t.id, (SELECT bid FROM quotes q WHERE q.symbol = t.symbol AND q.at < t.at ORDER BY at DESC LIMIT 1) AS strictly_before FROM trades t ORDER BY t.id;
--> id | strictly_before
--> 1 | NULL
--> 2 | 9.9
--> 3 | 10.0
--> 4 | 20.0
--> 5 | NULL

SELECT id, bid FROM (
  SELECT id, max(bid) OVER (PARTITION BY symbol, since) AS bid FROM (
    SELECT *, count(bid) OVER (PARTITION BY symbol ORDER BY at, id NULLS FIRST) AS since FROM (
      SELECT symbol, at, NULL::integer AS id, bid FROM quotes UNION ALL SELECT symbol, at, id, NULL FROM trades) u) g) r
WHERE id IS NOT NULL ORDER BY id;
--> id | bid
--> 1 | NULL
--> 2 | 10.0
--> 3 | 10.0
--> 4 | 20.0
--> 5 | NULL

SELECT t.id, q.bid FROM trades t JOIN (SELECT *, lead(at, 1, 'infinity') OVER (PARTITION BY symbol ORDER BY at) AS until FROM quotes) q ON q.symbol = t.symbol AND t.at >= q.at AND t.at < q.until ORDER BY t.id;
--> id | bid
--> 2 | 10.0
--> 3 | 10.0
--> 4 | 20.0

SELECT t.id, t.at - q.at AS age FROM trades t JOIN LATERAL (SELECT at FROM quotes q WHERE q.symbol = t.symbol AND q.at <= t.at ORDER BY at DESC LIMIT 1) q ON true ORDER BY t.id;
--> id | age
--> 2 | 00:00:00
--> 3 | 00:00:49
--> 4 | 00:29:30

SELECT t.id, q.bid FROM trades t LEFT JOIN LATERAL (SELECT bid FROM quotes q WHERE q.symbol = t.symbol AND q.at BETWEEN t.at - interval '1 minute' AND t.at ORDER BY at DESC LIMIT 1) q ON true ORDER BY t.id;
--> id | bid
--> 1 | NULL
--> 2 | 10.0
--> 3 | 10.0
--> 4 | NULL
--> 5 | NULL

SELECT t.id, q.bid AS nearest FROM trades t CROSS JOIN LATERAL (SELECT bid FROM quotes q WHERE q.symbol = t.symbol ORDER BY greatest(q.at - t.at, t.at - q.at) LIMIT 1) q ORDER BY t.id;
--> id | nearest
--> 1 | 9.9
--> 2 | 10.0
--> 3 | 10.1
--> 4 | 20.0

SELECT t.id, CASE WHEN t.price >= q.ask THEN 'buy' WHEN t.price <= q.bid THEN 'sell' END AS side FROM trades t JOIN LATERAL (SELECT * FROM quotes q WHERE q.symbol = t.symbol AND q.at <= t.at ORDER BY at DESC LIMIT 1) q ON true ORDER BY t.id;
--> id | side
--> 2 | buy
--> 3 | sell
--> 4 | NULL
