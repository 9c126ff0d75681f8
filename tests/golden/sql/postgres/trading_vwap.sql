-- Averages weighted by volume, running positions and candles
-- oracle: postgres
-- chapter: windows

CREATE TABLE trades (id INTEGER PRIMARY KEY, symbol TEXT, at TIMESTAMP, price NUMERIC(10,2), quantity INTEGER);

INSERT INTO trades VALUES (1, 'A', '2024-01-02 09:30:05', 10.00, 100), (2, 'A', '2024-01-02 09:30:40', 10.50, -50), (3, 'B', '2024-01-02 09:30:50', 5, 10), (4, 'A', '2024-01-02 09:31:10', 10.25, 200);

SELECT symbol, sum(price * abs(quantity)) / sum(abs(quantity)) AS vwap FROM trades GROUP BY symbol ORDER BY symbol;
--> symbol | vwap
--> A | 10.2142857142857143
--> B | 5.0000000000000000

SELECT id, sum(quantity) OVER (PARTITION BY symbol ORDER BY id) AS position FROM trades ORDER BY id;
--> id | position
--> 1 | 100
--> 2 | 50
--> 3 | 10
--> 4 | 250

SELECT symbol, date_trunc('minute', at) AS minute, (array_agg(price ORDER BY at))[1] AS open, max(price) AS high, min(price) AS low, (array_agg(price ORDER BY at DESC))[1] AS close, sum(abs(quantity)) AS volume FROM trades GROUP BY 1, 2 ORDER BY 1, 2;
--> symbol | minute | open | high | low | close | volume
--> A | 2024-01-02 09:30:00 | 10.00 | 10.50 | 10.00 | 10.50 | 150
--> A | 2024-01-02 09:31:00 | 10.25 | 10.25 | 10.25 | 10.25 | 200
--> B | 2024-01-02 09:30:00 | 5.00 | 5.00 | 5.00 | 5.00 | 10

SELECT id, price - lag(price) OVER (PARTITION BY symbol ORDER BY at) AS move FROM trades ORDER BY id;
--> id | move
--> 1 | NULL
--> 2 | 0.50
--> 3 | NULL
--> 4 | -0.25

SELECT id, round(avg(price) OVER (PARTITION BY symbol ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), 4) AS moving FROM trades ORDER BY id;
--> id | moving
--> 1 | 10.0000
--> 2 | 10.2500
--> 3 | 5.0000
--> 4 | 10.3750

SELECT id, round(exp(sum(ln(1 + quantity::float8 / 1000)) OVER (ORDER BY id))::numeric, 6) AS growth FROM trades ORDER BY id;
--> id | growth
--> 1 | 1.100000
--> 2 | 1.045000
--> 3 | 1.055450
--> 4 | 1.266540

SELECT symbol, percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS median FROM trades GROUP BY symbol ORDER BY 1;
--> symbol | median
--> A | 10.25
--> B | 5
