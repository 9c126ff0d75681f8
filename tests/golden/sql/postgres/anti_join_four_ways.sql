-- Rows without a partner: four ways, of which NOT IN is undone by a NULL
-- oracle: postgres
-- chapter: queries

CREATE TABLE listed (symbol TEXT);

CREATE TABLE traded (symbol TEXT, day DATE);

INSERT INTO listed VALUES ('AAA'), ('BBB'), ('CCC'), (NULL);

INSERT INTO traded VALUES ('AAA', '2024-01-01'), ('AAA', '2024-01-02');

SELECT symbol FROM listed WHERE symbol NOT IN (SELECT symbol FROM traded) ORDER BY 1;
--> symbol
--> BBB
--> CCC

SELECT symbol FROM listed l WHERE NOT EXISTS (SELECT FROM traded t WHERE t.symbol = l.symbol) ORDER BY 1;
--> symbol
--> BBB
--> CCC
--> NULL

SELECT l.symbol FROM listed l LEFT JOIN traded t ON t.symbol = l.symbol WHERE t.symbol IS NULL ORDER BY 1;
--> symbol
--> BBB
--> CCC
--> NULL

SELECT symbol FROM listed EXCEPT SELECT symbol FROM traded ORDER BY 1;
--> symbol
--> BBB
--> CCC
--> NULL

INSERT INTO traded VALUES (NULL, '2024-01-03');

SELECT symbol FROM listed WHERE symbol NOT IN (SELECT symbol FROM traded) ORDER BY 1;
--> symbol

SELECT symbol FROM listed l WHERE NOT EXISTS (SELECT FROM traded t WHERE t.symbol = l.symbol) ORDER BY 1;
--> symbol
--> BBB
--> CCC
--> NULL

SELECT l.symbol FROM listed l LEFT JOIN traded t ON t.symbol = l.symbol WHERE t.symbol IS NULL ORDER BY 1;
--> symbol
--> BBB
--> CCC
--> NULL

SELECT symbol FROM listed EXCEPT SELECT symbol FROM traded ORDER BY 1;
--> symbol
--> BBB
--> CCC

SELECT symbol FROM listed l WHERE NOT EXISTS (SELECT FROM traded t WHERE t.symbol IS NOT DISTINCT FROM l.symbol) ORDER BY 1;
--> symbol
--> BBB
--> CCC

SELECT symbol FROM listed WHERE symbol <> ALL (SELECT symbol FROM traded WHERE symbol IS NOT NULL) ORDER BY 1;
--> symbol
--> BBB
--> CCC

SELECT symbol FROM listed WHERE NOT (symbol = ANY (ARRAY['AAA', NULL])) ORDER BY 1;
--> symbol

SELECT symbol, symbol NOT IN ('AAA', NULL) AS in_list, (symbol IN ('AAA', NULL)) IS NOT TRUE AS not_found FROM listed ORDER BY 1;
--> symbol | in_list | not_found
--> AAA | f | f
--> BBB | NULL | t
--> CCC | NULL | t
--> NULL | NULL | t

DELETE FROM listed WHERE symbol NOT IN (SELECT symbol FROM traded) RETURNING symbol;
--> symbol

WITH gone AS (DELETE FROM listed l WHERE NOT EXISTS (SELECT FROM traded t WHERE t.symbol = l.symbol) RETURNING symbol) SELECT symbol FROM gone ORDER BY 1;
--> symbol
--> BBB
--> CCC
--> NULL

SELECT symbol FROM listed ORDER BY 1;
--> symbol
--> AAA
