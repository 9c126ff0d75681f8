-- MERGE: conditions, order of clauses, what it refuses
-- oracle: postgres
-- chapter: changes

CREATE TABLE positions (symbol TEXT PRIMARY KEY, quantity INTEGER);

CREATE TABLE fills (symbol TEXT, quantity INTEGER);

INSERT INTO positions VALUES ('A', 10), ('B', 5), ('C', 1);

INSERT INTO fills VALUES ('A', -10), ('B', 7), ('D', 3), ('E', 0);

MERGE INTO positions p USING fills f ON p.symbol = f.symbol WHEN MATCHED AND p.quantity + f.quantity = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET quantity = p.quantity + f.quantity WHEN NOT MATCHED AND f.quantity <> 0 THEN INSERT VALUES (f.symbol, f.quantity) WHEN NOT MATCHED THEN DO NOTHING;

SELECT * FROM positions ORDER BY symbol;
--> symbol | quantity
--> B | 12
--> C | 1
--> D | 3

MERGE INTO positions p USING (SELECT 'C' AS symbol, 9 AS q) s ON p.symbol = s.symbol WHEN MATCHED THEN UPDATE SET (quantity) = ROW(s.q);

SELECT quantity FROM positions WHERE symbol = 'C';
--> quantity
--> 9

MERGE INTO positions p USING (VALUES ('C'), ('C')) s(symbol) ON p.symbol = s.symbol WHEN MATCHED THEN UPDATE SET quantity = 0;
--! 21000: MERGE command cannot affect row a second time

MERGE INTO positions p USING fills f ON p.symbol = f.symbol WHEN MATCHED THEN DELETE WHEN MATCHED THEN UPDATE SET quantity = 1;
--! 42601: unreachable WHEN clause specified after unconditional WHEN clause

MERGE INTO positions p USING fills f ON p.symbol = f.symbol WHEN NOT MATCHED THEN UPDATE SET quantity = 1;
--! 42601: syntax error at or near "UPDATE"

MERGE INTO positions p USING fills f ON p.symbol = f.symbol WHEN MATCHED THEN INSERT VALUES ('x', 1);
--! 42601: syntax error at or near "INSERT"

MERGE INTO positions p USING fills f ON p.symbol = f.symbol WHEN NOT MATCHED THEN INSERT (symbol) VALUES (p.symbol);
--! 42P01: invalid reference to FROM-clause entry for table "p"

MERGE INTO positions p USING (SELECT 'F' AS s) x ON p.symbol = x.s WHEN NOT MATCHED THEN INSERT (symbol) VALUES (x.s);

MERGE INTO positions USING fills ON positions.symbol = fills.symbol WHEN NOT MATCHED THEN INSERT DEFAULT VALUES;
--! 23502: null value in column "symbol" of relation "positions" violates not-null constraint

WITH src AS (SELECT 'G' AS s) MERGE INTO positions p USING src ON p.symbol = src.s WHEN NOT MATCHED THEN INSERT VALUES (s, 1);

SELECT * FROM positions ORDER BY symbol;
--> symbol | quantity
--> B | 12
--> C | 9
--> D | 3
--> F | NULL
--> G | 1

MERGE INTO positions p USING fills f ON false WHEN MATCHED THEN DELETE RETURNING *;
--! 42601: syntax error at or near "RETURNING"
--~> symbol | quantity | symbol | quantity
