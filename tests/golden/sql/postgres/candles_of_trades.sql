-- Candles: open, high, low, close and volume of each bucket of time
-- oracle: postgres
-- chapter: windows

CREATE TABLE trades (id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, at TIMESTAMP NOT NULL, price NUMERIC(12,4) NOT NULL, quantity INTEGER NOT NULL);

INSERT INTO trades VALUES
  (1, 'A', '2024-03-01 09:30:00', 10.0000, 100), (2, 'A', '2024-03-01 09:31:59', 10.2500, 50),
  (3, 'A', '2024-03-01 09:34:10', 9.7500, 200), (4, 'A', '2024-03-01 09:35:00', 9.8000, 10),
  (5, 'A', '2024-03-01 09:47:30', 11.1250, 40), (6, 'B', '2024-03-01 09:33:00', 50.0000, 5);

SELECT symbol, date_bin('5 minutes', at, timestamp '2024-03-01') AS bucket, (array_agg(price ORDER BY at, id))[1] AS open, max(price) AS high, min(price) AS low, (array_agg(price ORDER BY at DESC, id DESC))[1] AS close, sum(quantity) AS volume
FROM trades GROUP BY symbol, bucket ORDER BY symbol, bucket;
--> symbol | bucket | open | high | low | close | volume
--> A | 2024-03-01 09:30:00 | 10.0000 | 10.2500 | 9.7500 | 9.7500 | 350
--> A | 2024-03-01 09:35:00 | 9.8000 | 9.8000 | 9.8000 | 9.8000 | 10
--> A | 2024-03-01 09:45:00 | 11.1250 | 11.1250 | 11.1250 | 11.1250 | 40
--> B | 2024-03-01 09:30:00 | 50.0000 | 50.0000 | 50.0000 | 50.0000 | 5

SELECT symbol, date_trunc('hour', at) + floor(extract(minute FROM at) / 15) * interval '15 minutes' AS quarter, count(*) AS trades, round(sum(price * quantity) / sum(quantity), 4) AS vwap
FROM trades GROUP BY 1, 2 ORDER BY 1, 2;
--> symbol | quarter | trades | vwap
--> A | 2024-03-01 09:30:00 | 4 | 9.8903
--> A | 2024-03-01 09:45:00 | 1 | 11.1250
--> B | 2024-03-01 09:30:00 | 1 | 50.0000

SELECT DISTINCT symbol, date_bin('5 minutes', at, timestamp '2024-03-01') AS bucket, first_value(price) OVER w AS open, last_value(price) OVER w AS close
FROM trades WINDOW w AS (PARTITION BY symbol, date_bin('5 minutes', at, timestamp '2024-03-01') ORDER BY at, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY 1, 2;
--> symbol | bucket | open | close
--> A | 2024-03-01 09:30:00 | 10.0000 | 9.7500
--> A | 2024-03-01 09:35:00 | 9.8000 | 9.8000
--> A | 2024-03-01 09:45:00 | 11.1250 | 11.1250
--> B | 2024-03-01 09:30:00 | 50.0000 | 50.0000

CREATE TABLE candles AS
SELECT date_bin('5 minutes', at, timestamp '2024-03-01') AS bucket, (array_agg(price ORDER BY at, id))[1] AS open, max(price) AS high, min(price) AS low, (array_agg(price ORDER BY at DESC, id DESC))[1] AS close, sum(quantity) AS volume FROM trades WHERE symbol = 'A' GROUP BY 1;

SELECT g AS bucket, coalesce(c.volume, 0) AS volume, c.close FROM generate_series(timestamp '2024-03-01 09:30', '2024-03-01 09:45', '5 minutes') AS g LEFT JOIN candles c ON c.bucket = g ORDER BY 1;
--> bucket | volume | close
--> 2024-03-01 09:30:00 | 350 | 9.7500
--> 2024-03-01 09:35:00 | 10 | 9.8000
--> 2024-03-01 09:40:00 | 0 | NULL
--> 2024-03-01 09:45:00 | 40 | 11.1250

SELECT bucket, close, lag(close) OVER (ORDER BY bucket) AS before, round((close / lag(close) OVER (ORDER BY bucket) - 1) * 100, 3) AS percent FROM candles ORDER BY 1;
--> bucket | close | before | percent
--> 2024-03-01 09:30:00 | 9.7500 | NULL | NULL
--> 2024-03-01 09:35:00 | 9.8000 | 9.7500 | 0.513
--> 2024-03-01 09:45:00 | 11.1250 | 9.8000 | 13.520

SELECT bucket, high - low AS spread, CASE sign(close - open) WHEN 1 THEN 'up' WHEN -1 THEN 'down' ELSE 'flat' END AS kind FROM candles ORDER BY 1;
--> bucket | spread | kind
--> 2024-03-01 09:30:00 | 0.5000 | down
--> 2024-03-01 09:35:00 | 0.0000 | flat
--> 2024-03-01 09:45:00 | 0.0000 | flat

SELECT date_trunc('hour', bucket) AS hour, (array_agg(open ORDER BY bucket))[1] AS open, max(high) AS high, min(low) AS low, (array_agg(close ORDER BY bucket DESC))[1] AS close, sum(volume) AS volume FROM candles GROUP BY 1;
--> hour | open | high | low | close | volume
--> 2024-03-01 09:00:00 | 10.0000 | 11.1250 | 9.7500 | 11.1250 | 400

SELECT bucket, max(greatest(high - low, abs(high - before), abs(low - before))) OVER (ORDER BY bucket) AS widest FROM (SELECT *, lag(close) OVER (ORDER BY bucket) AS before FROM candles) c ORDER BY 1;
--> bucket | widest
--> 2024-03-01 09:30:00 | 0.5000
--> 2024-03-01 09:35:00 | 0.5000
--> 2024-03-01 09:45:00 | 1.3250

SELECT count(*) FROM candles WHERE NOT (low <= least(open, close) AND high >= greatest(open, close));
--> count
--> 0
