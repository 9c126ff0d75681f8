-- Rows made columns and columns made rows
-- oracle: postgres
-- chapter: queries

CREATE TABLE volume (symbol TEXT, quarter INTEGER, amount INTEGER);

INSERT INTO volume VALUES ('A', 1, 10), ('A', 2, 20), ('A', 2, 5), ('A', 4, 40), ('B', 1, 7), ('B', 3, NULL);

SELECT symbol, sum(amount) FILTER (WHERE quarter = 1) AS q1, sum(amount) FILTER (WHERE quarter = 2) AS q2, sum(amount) FILTER (WHERE quarter = 3) AS q3, sum(amount) FILTER (WHERE quarter = 4) AS q4 FROM volume GROUP BY symbol ORDER BY symbol;
--> symbol | q1 | q2 | q3 | q4
--> A | 10 | 25 | NULL | 40
--> B | 7 | NULL | NULL | NULL

SELECT symbol, sum(CASE quarter WHEN 1 THEN amount END) AS q1, sum(CASE quarter WHEN 2 THEN amount ELSE 0 END) AS q2 FROM volume GROUP BY symbol ORDER BY 1;
--> symbol | q1 | q2
--> A | 10 | 25
--> B | 7 | 0

SELECT symbol, count(*) FILTER (WHERE amount IS NULL) AS unknown, count(*) FILTER (WHERE amount > 9) AS large FROM volume GROUP BY symbol ORDER BY 1;
--> symbol | unknown | large
--> A | 0 | 3
--> B | 1 | 0

SELECT symbol, max(amount) FILTER (WHERE quarter = 1) - max(amount) FILTER (WHERE quarter = 4) AS difference FROM volume GROUP BY symbol ORDER BY 1;
--> symbol | difference
--> A | -30
--> B | NULL

SELECT coalesce(symbol, 'all') AS symbol, sum(amount) FILTER (WHERE quarter <= 2) AS first_half, sum(amount) FILTER (WHERE quarter > 2) AS second_half FROM volume GROUP BY ROLLUP (symbol) ORDER BY grouping(symbol), 1;
--> symbol | first_half | second_half
--> A | 35 | 40
--> B | 7 | NULL
--> all | 42 | 40

SELECT symbol, jsonb_object_agg(quarter, amount) FILTER (WHERE quarter <> 2) AS by_quarter FROM volume GROUP BY symbol ORDER BY 1;
--> symbol | by_quarter
--> A | {"1": 10, "4": 40}
--> B | {"1": 7, "3": null}

CREATE TABLE wide (symbol TEXT, open INTEGER, high INTEGER, low INTEGER);

INSERT INTO wide VALUES ('A', 5, 9, 4), ('B', 3, NULL, 1);

SELECT symbol, kind, price FROM wide CROSS JOIN LATERAL (VALUES ('open', open), ('high', high), ('low', low)) AS v(kind, price) ORDER BY 1, 2;
--> symbol | kind | price
--> A | high | 9
--> A | low | 4
--> A | open | 5
--> B | high | NULL
--> B | low | 1
--> B | open | 3

SELECT symbol, unnest(ARRAY['open', 'high', 'low']) AS kind, unnest(ARRAY[open, high, low]) AS price FROM wide ORDER BY 1, 3;
--> symbol | kind | price
--> A | low | 4
--> A | open | 5
--> A | high | 9
--> B | low | 1
--> B | open | 3
--> B | high | NULL

SELECT symbol, key, value FROM wide, jsonb_each(to_jsonb(wide) - 'symbol') ORDER BY 1, 2;
--> symbol | key | value
--> A | high | 9
--> A | low | 4
--> A | open | 5
--> B | high | null
--> B | low | 1
--> B | open | 3

SELECT symbol, greatest(open, high, low) AS top, (SELECT count(*) FROM unnest(ARRAY[open, high, low]) AS p WHERE p IS NOT NULL) AS known FROM wide ORDER BY 1;
--> symbol | top | known
--> A | 9 | 3
--> B | 3 | 2

SELECT a.symbol, a.amount AS q1, b.amount AS q2 FROM volume a FULL JOIN volume b ON a.symbol = b.symbol AND b.quarter = a.quarter + 1 WHERE a.quarter = 1 ORDER BY 1, 3;
--> symbol | q1 | q2
--> A | 10 | 5
--> A | 10 | 20
--> B | 7 | NULL

SELECT quarter, string_agg(symbol || coalesce(amount::text, '?'), ' ' ORDER BY symbol, amount) AS all FROM volume GROUP BY quarter ORDER BY 1;
--> quarter | all
--> 1 | A10 B7
--> 2 | A5 A20
--> 3 | B?
--> 4 | A40
