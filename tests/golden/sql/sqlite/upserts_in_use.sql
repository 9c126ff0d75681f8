-- ON CONFLICT: counters, newest wins, several keys, queries
-- oracle: sqlite
-- chapter: changes

CREATE TABLE stats (symbol TEXT PRIMARY KEY, n INTEGER NOT NULL DEFAULT 1, low REAL, high REAL, last TEXT);

INSERT INTO stats VALUES ('A', 1, 10.0, 10.0, '09:00') ON CONFLICT (symbol) DO UPDATE SET n = n + 1 RETURNING *;
--> symbol | n | low | high | last
--> A | 1 | 10.0 | 10.0 | 09:00

INSERT INTO stats VALUES ('A', 1, 9.5, 9.5, '09:05') ON CONFLICT (symbol) DO UPDATE SET n = n + excluded.n, low = min(low, excluded.low), high = max(high, excluded.high), last = excluded.last RETURNING *;
--> symbol | n | low | high | last
--> A | 2 | 9.5 | 10.0 | 09:05

INSERT INTO stats VALUES ('A', 1, 99.0, 99.0, '08:00') ON CONFLICT (symbol) DO UPDATE SET last = excluded.last WHERE excluded.last > last RETURNING *;
--> symbol | n | low | high | last

INSERT INTO stats (symbol) VALUES ('C'), ('C'), ('C') ON CONFLICT (symbol) DO UPDATE SET n = n + 1;

SELECT symbol, n FROM stats ORDER BY symbol;
--> symbol | n
--> A | 2
--> C | 3

INSERT INTO stats (symbol, low) SELECT symbol, 5.0 FROM stats WHERE true ON CONFLICT (symbol) DO UPDATE SET low = coalesce(low, 0) + excluded.low;

SELECT symbol, n, low FROM stats ORDER BY symbol;
--> symbol | n | low
--> A | 2 | 14.5
--> C | 3 | 5.0

INSERT INTO stats (symbol) VALUES ('A') ON CONFLICT DO NOTHING RETURNING symbol;
--> symbol

INSERT INTO stats (symbol) VALUES ('A') ON CONFLICT (symbol) DO NOTHING;

INSERT INTO stats (symbol, n) VALUES ('A', NULL) ON CONFLICT (symbol) DO NOTHING;
--! NOT NULL constraint failed: stats.n

INSERT INTO stats (symbol) VALUES ('A') ON CONFLICT (n) DO NOTHING;
--! ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint

INSERT INTO stats (symbol) VALUES ('A') ON CONFLICT (symbol) DO UPDATE SET n = NULL;
--! NOT NULL constraint failed: stats.n

INSERT INTO stats (symbol) VALUES ('A') ON CONFLICT (symbol) DO UPDATE SET n = (SELECT max(n) + 10 FROM stats), last = symbol || excluded.symbol RETURNING n, last;
--> n | last
--> 13 | AA

CREATE TABLE pairs (id INTEGER PRIMARY KEY, a TEXT, b TEXT, v INTEGER, UNIQUE (a, b));

INSERT INTO pairs VALUES (1, 'x', 'y', 1) ON CONFLICT (a, b) DO NOTHING;

INSERT INTO pairs VALUES (2, 'x', 'y', 5) ON CONFLICT (b, a) DO UPDATE SET v = v + excluded.v RETURNING id, v;
--> id | v
--> 1 | 6

INSERT INTO pairs VALUES (1, 'p', 'q', 5) ON CONFLICT (a, b) DO UPDATE SET v = 0;
--! UNIQUE constraint failed: pairs.id

INSERT INTO pairs VALUES (1, 'p', 'q', 5) ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b RETURNING *;
--> id | a | b | v
--> 1 | p | q | 6

INSERT OR REPLACE INTO pairs VALUES (3, 'p', 'q', 7) RETURNING *;
--> id | a | b | v
--> 3 | p | q | 7

REPLACE INTO pairs (a, b, v) VALUES ('p', 'q', 8);

SELECT count(*), max(v) FROM pairs;
--> count(*) | max(v)
--> 1 | 8

INSERT INTO pairs (a, b, v) VALUES (NULL, 'q', 1), (NULL, 'q', 2) ON CONFLICT (a, b) DO UPDATE SET v = 100;

SELECT a, v FROM pairs ORDER BY v;
--> a | v
--> NULL | 1
--> NULL | 2
--> p | 8
