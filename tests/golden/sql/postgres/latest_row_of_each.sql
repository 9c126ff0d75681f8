-- The latest row of each key, in many ways
-- oracle: postgres
-- chapter: queries

CREATE TABLE quotes (symbol TEXT, at TIMESTAMP, bid NUMERIC);

INSERT INTO quotes VALUES ('A', '2024-01-02 09:00', 10), ('A', '2024-01-02 09:05', 11), ('B', '2024-01-02 09:01', 20), ('B', '2024-01-02 09:01', 21), ('C', NULL, 5);

SELECT DISTINCT ON (symbol) symbol, at, bid FROM quotes ORDER BY symbol, at DESC NULLS LAST, bid DESC;
--> symbol | at | bid
--> A | 2024-01-02 09:05:00 | 11
--> B | 2024-01-02 09:01:00 | 21
--> C | NULL | 5

SELECT DISTINCT ON (symbol) symbol, at FROM quotes ORDER BY symbol, at DESC, bid;
--> symbol | at
--> A | 2024-01-02 09:05:00
--> B | 2024-01-02 09:01:00
--> C | NULL

SELECT symbol, at, bid FROM quotes q WHERE at = (SELECT max(at) FROM quotes x WHERE x.symbol = q.symbol) ORDER BY 1, 3;
--> symbol | at | bid
--> A | 2024-01-02 09:05:00 | 11
--> B | 2024-01-02 09:01:00 | 20
--> B | 2024-01-02 09:01:00 | 21

SELECT q.symbol, q.at, q.bid FROM quotes q LEFT JOIN quotes later ON later.symbol = q.symbol AND later.at > q.at WHERE later.symbol IS NULL ORDER BY 1, 3;
--> symbol | at | bid
--> A | 2024-01-02 09:05:00 | 11
--> B | 2024-01-02 09:01:00 | 20
--> B | 2024-01-02 09:01:00 | 21
--> C | NULL | 5

SELECT symbol, at, bid FROM quotes q WHERE NOT EXISTS (SELECT FROM quotes x WHERE x.symbol = q.symbol AND (x.at, x.bid) > (q.at, q.bid)) ORDER BY 1;
--> symbol | at | bid
--> A | 2024-01-02 09:05:00 | 11
--> B | 2024-01-02 09:01:00 | 21
--> C | NULL | 5

SELECT q.* FROM quotes q JOIN (SELECT symbol, max(at) AS at FROM quotes GROUP BY symbol) m USING (symbol, at) ORDER BY 1, 3;
--> symbol | at | bid
--> A | 2024-01-02 09:05:00 | 11
--> B | 2024-01-02 09:01:00 | 20
--> B | 2024-01-02 09:01:00 | 21

SELECT * FROM quotes WHERE (symbol, at) IN (SELECT symbol, max(at) FROM quotes GROUP BY symbol) ORDER BY 1, 3;
--> symbol | at | bid
--> A | 2024-01-02 09:05:00 | 11
--> B | 2024-01-02 09:01:00 | 20
--> B | 2024-01-02 09:01:00 | 21

SELECT symbol, (array_agg(bid ORDER BY at DESC NULLS LAST, bid DESC))[1] AS bid FROM quotes GROUP BY symbol ORDER BY 1;
--> symbol | bid
--> A | 11
--> B | 21
--> C | 5

SELECT symbol, bid FROM (SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY at DESC NULLS LAST, bid DESC) AS n FROM quotes) r WHERE n = 1 ORDER BY 1;
--> symbol | bid
--> A | 11
--> B | 21
--> C | 5

SELECT DISTINCT symbol, first_value(bid) OVER (PARTITION BY symbol ORDER BY at DESC NULLS LAST, bid DESC) AS bid FROM quotes ORDER BY 1;
--> symbol | bid
--> A | 11
--> B | 21
--> C | 5

SELECT symbol, max(ROW(at, bid)::text) AS as_text FROM quotes WHERE at IS NOT NULL GROUP BY symbol ORDER BY 1;
--> symbol | as_text
--> A | ("2024-01-02 09:05:00",11)
--> B | ("2024-01-02 09:01:00",21)

SELECT symbol, max(bid) FILTER (WHERE at IS NOT NULL) AS best FROM quotes GROUP BY symbol ORDER BY 1;
--> symbol | best
--> A | 11
--> B | 21
--> C | NULL
