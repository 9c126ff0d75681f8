-- Rows with the time they are valid from and to: as of a day, changed, overlapping
-- oracle: postgres
-- chapter: changes

CREATE TABLE rates (symbol TEXT, rate NUMERIC, since DATE NOT NULL, until DATE NOT NULL DEFAULT 'infinity', PRIMARY KEY (symbol, since), CHECK (since < until));

INSERT INTO rates (symbol, rate, since) VALUES ('EUR', 1.08, '2024-01-01'), ('GBP', 1.26, '2024-01-01');
--~! 22008: date out of range: a column keeps no infinity

CREATE TABLE fixed (symbol TEXT, rate NUMERIC, since DATE, until DATE);

INSERT INTO fixed VALUES ('EUR', 1.08, '2024-01-01', '2024-02-01'), ('EUR', 1.09, '2024-02-01', NULL), ('GBP', 1.26, '2024-01-15', '2024-02-15'), ('GBP', 1.27, '2024-02-10', NULL);

SELECT symbol, rate FROM fixed WHERE date '2024-02-12' >= since AND date '2024-02-12' < coalesce(until, 'infinity') ORDER BY 1, 2;
--> symbol | rate
--> EUR | 1.09
--> GBP | 1.26
--> GBP | 1.27

SELECT symbol, rate FROM fixed WHERE since <= '2024-02-01' AND (until IS NULL OR until > '2024-02-01') ORDER BY 1;
--> symbol | rate
--> EUR | 1.09
--> GBP | 1.26

UPDATE fixed SET until = '2024-03-01' WHERE symbol = 'EUR' AND until IS NULL RETURNING symbol, rate, until;
--> symbol | rate | until
--> EUR | 1.09 | 2024-03-01

INSERT INTO fixed VALUES ('EUR', 1.10, '2024-03-01', NULL);

SELECT a.symbol, a.since, b.since AS other FROM fixed a JOIN fixed b ON a.symbol = b.symbol AND a.since < b.since AND coalesce(a.until, 'infinity') > b.since ORDER BY 1, 2;
--> symbol | since | other
--> GBP | 2024-01-15 | 2024-02-10

SELECT symbol, until AS gap_since, next AS gap_until FROM (SELECT symbol, until, lead(since) OVER (PARTITION BY symbol ORDER BY since) AS next FROM fixed) f WHERE until < next ORDER BY 1;
--> symbol | gap_since | gap_until

SELECT symbol, since, coalesce(lead(since) OVER (PARTITION BY symbol ORDER BY since), 'infinity') AS until, rate - lag(rate) OVER (PARTITION BY symbol ORDER BY since) AS change FROM fixed ORDER BY 1, 2;
--> symbol | since | until | change
--> EUR | 2024-01-01 | 2024-02-01 | NULL
--> EUR | 2024-02-01 | 2024-03-01 | 0.01
--> EUR | 2024-03-01 | infinity | 0.01
--> GBP | 2024-01-15 | 2024-02-10 | NULL
--> GBP | 2024-02-10 | infinity | 0.01

SELECT d::date AS day, (SELECT rate FROM fixed f WHERE f.symbol = 'EUR' AND d >= since ORDER BY since DESC LIMIT 1) AS rate FROM generate_series(timestamp '2024-01-31', '2024-03-01', '15 days') AS d ORDER BY 1;
--> day | rate
--> 2024-01-31 | 1.08
--> 2024-02-15 | 1.09
--> 2024-03-01 | 1.10

SELECT symbol, round(sum(rate * (least(until, date '2024-03-01') - since)) / sum(least(until, date '2024-03-01') - since), 6) AS mean_by_days FROM fixed WHERE symbol = 'EUR' AND since < '2024-03-01' GROUP BY symbol;
--> symbol | mean_by_days
--> EUR | 1.084833

INSERT INTO rates VALUES ('EUR', 1.1, '2024-05-01', '2024-05-01');
--! 23514: new row for relation "rates" violates check constraint "rates_check"

SELECT symbol, rate, since, until FROM rates ORDER BY symbol;
--> symbol | rate | since | until
--> EUR | 1.08 | 2024-01-01 | infinity
--> GBP | 1.26 | 2024-01-01 | infinity
--~> symbol | rate | since | until

SELECT symbol, count(*) AS versions, min(since) AS first, max(since) AS last, bool_or(until IS NULL) AS open FROM fixed GROUP BY symbol ORDER BY symbol;
--> symbol | versions | first | last | open
--> EUR | 3 | 2024-01-01 | 2024-03-01 | t
--> GBP | 2 | 2024-01-15 | 2024-02-10 | t

DELETE FROM fixed WHERE (symbol, since) IN (SELECT symbol, max(since) FROM fixed GROUP BY symbol);

UPDATE fixed f SET until = NULL WHERE since = (SELECT max(since) FROM fixed x WHERE x.symbol = f.symbol);

SELECT * FROM fixed ORDER BY symbol, since;
--> symbol | rate | since | until
--> EUR | 1.08 | 2024-01-01 | 2024-02-01
--> EUR | 1.09 | 2024-02-01 | NULL
--> GBP | 1.26 | 2024-01-15 | NULL
