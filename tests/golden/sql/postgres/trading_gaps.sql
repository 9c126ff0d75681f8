-- Gaps and islands: runs of days with trades
-- oracle: postgres
-- chapter: windows

CREATE TABLE days (symbol TEXT, day DATE);

INSERT INTO days VALUES ('A', '2024-01-01'), ('A', '2024-01-02'), ('A', '2024-01-04'), ('B', '2024-01-03'), ('B', '2024-01-04');

SELECT symbol, min(day), max(day), count(*) FROM (SELECT symbol, day, day - row_number() OVER (PARTITION BY symbol ORDER BY day)::integer AS run FROM days) AS d GROUP BY symbol, run ORDER BY 1, 2;
--> symbol | min | max | count
--> A | 2024-01-01 | 2024-01-02 | 2
--> A | 2024-01-04 | 2024-01-04 | 1
--> B | 2024-01-03 | 2024-01-04 | 2

SELECT symbol, day, day - lag(day) OVER (PARTITION BY symbol ORDER BY day) AS since FROM days ORDER BY 1, 2;
--> symbol | day | since
--> A | 2024-01-01 | NULL
--> A | 2024-01-02 | 1
--> A | 2024-01-04 | 2
--> B | 2024-01-03 | NULL
--> B | 2024-01-04 | 1

SELECT symbol, day, sum(CASE WHEN since = 1 THEN 0 ELSE 1 END) OVER (PARTITION BY symbol ORDER BY day) AS run FROM (SELECT *, day - lag(day) OVER (PARTITION BY symbol ORDER BY day) AS since FROM days) AS s ORDER BY 1, 2;
--> symbol | day | run
--> A | 2024-01-01 | 1
--> A | 2024-01-02 | 1
--> A | 2024-01-04 | 2
--> B | 2024-01-03 | 1
--> B | 2024-01-04 | 1

SELECT d::date AS missing FROM generate_series(date '2024-01-01', date '2024-01-04', '1 day') AS d WHERE NOT EXISTS (SELECT 1 FROM days WHERE day = d AND symbol = 'A') ORDER BY 1;
--> missing
--> 2024-01-03
