-- ON CONFLICT as counter: sums, extremes, first and last
-- oracle: postgres
-- chapter: changes

CREATE TABLE stats (symbol TEXT PRIMARY KEY, n INTEGER NOT NULL DEFAULT 1, volume BIGINT NOT NULL, low NUMERIC, high NUMERIC, last TIMESTAMP);

INSERT INTO stats VALUES ('A', 1, 100, 10, 10, '2024-01-01 09:00') ON CONFLICT (symbol) DO UPDATE SET n = stats.n + 1 RETURNING *;
--> symbol | n | volume | low | high | last
--> A | 1 | 100 | 10 | 10 | 2024-01-01 09:00:00

INSERT INTO stats AS s VALUES ('A', 1, 50, 9.5, 9.5, '2024-01-01 09:05')
ON CONFLICT (symbol) DO UPDATE SET n = s.n + excluded.n, volume = s.volume + excluded.volume, low = least(s.low, excluded.low), high = greatest(s.high, excluded.high), last = excluded.last RETURNING *;
--> symbol | n | volume | low | high | last
--> A | 2 | 150 | 9.5 | 10 | 2024-01-01 09:05:00

INSERT INTO stats AS s VALUES ('A', 1, 1, 99, 99, '2023-12-31')
ON CONFLICT (symbol) DO UPDATE SET last = excluded.last, high = excluded.high WHERE excluded.last > s.last RETURNING *;
--> symbol | n | volume | low | high | last

INSERT INTO stats VALUES ('B', 1, 7, 1, 1, NULL), ('A', 1, 7, 1, 1, NULL) ON CONFLICT DO NOTHING RETURNING symbol;
--> symbol
--> B

INSERT INTO stats (symbol, volume) VALUES ('C', 1), ('C', 2) ON CONFLICT (symbol) DO UPDATE SET volume = stats.volume + excluded.volume;
--! 21000: ON CONFLICT DO UPDATE command cannot affect row a second time

INSERT INTO stats (symbol, volume) SELECT symbol, sum(v) FROM (VALUES ('C', 1), ('C', 2), ('B', 3)) t(symbol, v) GROUP BY symbol ON CONFLICT (symbol) DO UPDATE SET volume = stats.volume + excluded.volume, n = stats.n + 1;

SELECT symbol, n, volume FROM stats ORDER BY symbol;
--> symbol | n | volume
--> A | 2 | 150
--> B | 2 | 10
--> C | 1 | 3

INSERT INTO stats AS s (symbol, volume) VALUES ('B', 0) ON CONFLICT (symbol) DO UPDATE SET (n, volume) = (SELECT count(*), sum(volume) FROM stats) RETURNING n, volume;
--> n | volume
--> 3 | 163

INSERT INTO stats AS s (symbol, volume) VALUES ('B', 0) ON CONFLICT (symbol) DO UPDATE SET n = DEFAULT, low = coalesce(s.low, 0) + 1 RETURNING n, low;
--> n | low
--> 1 | 2

INSERT INTO stats (symbol, volume) VALUES ('B', NULL) ON CONFLICT (symbol) DO NOTHING;
--! 23502: null value in column "volume" of relation "stats" violates not-null constraint

INSERT INTO stats AS s (symbol, volume) VALUES ('B', 1) ON CONFLICT (symbol) DO UPDATE SET symbol = 'A';
--! 23505: duplicate key value violates unique constraint "stats_pkey"

WITH up AS (INSERT INTO stats AS s (symbol, volume) VALUES ('D', 5) ON CONFLICT (symbol) DO UPDATE SET volume = 0 RETURNING symbol, volume) SELECT * FROM up;
--> symbol | volume
--> D | 5

SELECT count(*), sum(volume) FROM stats;
--> count | sum
--> 4 | 321
