-- MERGE takes a feed in: new rows, changed ones, ones to be removed
-- oracle: postgres
-- chapter: changes

CREATE TABLE instruments (symbol TEXT PRIMARY KEY, name TEXT, lot INTEGER DEFAULT 1, active BOOLEAN DEFAULT true);

CREATE TABLE feed (symbol TEXT, name TEXT, lot INTEGER, gone BOOLEAN DEFAULT false);

INSERT INTO instruments VALUES ('A', 'Alpha', 10), ('B', 'Beta', 5), ('C', 'Gamma', 1);

INSERT INTO feed VALUES ('A', 'Alpha Corp', 10, false), ('B', 'Beta', 5, true), ('D', 'Delta', 100, false), ('E', NULL, NULL, true);

MERGE INTO instruments i USING feed f ON f.symbol = i.symbol
WHEN MATCHED AND f.gone THEN DELETE
WHEN MATCHED AND (i.name, i.lot) IS DISTINCT FROM (f.name, f.lot) THEN UPDATE SET name = f.name, lot = f.lot
WHEN NOT MATCHED AND NOT f.gone THEN INSERT (symbol, name, lot) VALUES (f.symbol, f.name, f.lot);

SELECT * FROM instruments ORDER BY symbol;
--> symbol | name | lot | active
--> A | Alpha Corp | 10 | t
--> C | Gamma | 1 | t
--> D | Delta | 100 | t

MERGE INTO instruments i USING (SELECT * FROM feed WHERE symbol <> 'E') f ON f.symbol = i.symbol WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT VALUES (f.symbol, 'again', DEFAULT, f.gone);

SELECT * FROM instruments WHERE symbol = 'B';
--> symbol | name | lot | active
--> B | again | 1 | t

MERGE INTO instruments USING (VALUES ('C', 7), ('Z', 8)) AS v(symbol, lot) ON v.symbol = instruments.symbol WHEN MATCHED THEN UPDATE SET lot = instruments.lot + v.lot, active = DEFAULT WHEN NOT MATCHED THEN INSERT (symbol, lot) VALUES (v.symbol, v.lot);

SELECT symbol, lot, active FROM instruments ORDER BY symbol;
--> symbol | lot | active
--> A | 10 | t
--> B | 1 | t
--> C | 8 | t
--> D | 100 | t
--> Z | 8 | t

INSERT INTO feed VALUES ('A', 'Twice', 1, false);

MERGE INTO instruments i USING feed f ON f.symbol = i.symbol WHEN MATCHED THEN UPDATE SET name = f.name;
--! 21000: MERGE command cannot affect row a second time

MERGE INTO instruments i USING (SELECT symbol, max(name) AS name FROM feed GROUP BY symbol) f ON f.symbol = i.symbol WHEN MATCHED AND f.name IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET name = upper(f.name);

SELECT symbol, name FROM instruments ORDER BY symbol;
--> symbol | name
--> A | TWICE
--> B | BETA
--> C | Gamma
--> D | DELTA
--> Z | NULL

WITH deltas AS (SELECT 'C' AS symbol, 1 AS step UNION ALL SELECT 'Y', 3) MERGE INTO instruments i USING deltas d ON d.symbol = i.symbol WHEN MATCHED THEN UPDATE SET lot = lot + step WHEN NOT MATCHED THEN INSERT (symbol, lot) VALUES (d.symbol, d.step);

SELECT symbol, lot FROM instruments WHERE symbol IN ('C', 'Y') ORDER BY symbol;
--> symbol | lot
--> C | 9
--> Y | 3

MERGE INTO instruments i USING feed f ON f.symbol = i.symbol WHEN NOT MATCHED THEN UPDATE SET lot = 1;
--! 42601: syntax error at or near "UPDATE"

MERGE INTO instruments i USING feed f ON f.symbol = i.symbol WHEN MATCHED THEN INSERT VALUES ('Q');
--! 42601: syntax error at or near "INSERT"

MERGE INTO instruments i USING feed f ON f.symbol = i.symbol WHEN MATCHED THEN UPDATE SET nothing = 1;
--! 42703: column "nothing" of relation "instruments" does not exist
