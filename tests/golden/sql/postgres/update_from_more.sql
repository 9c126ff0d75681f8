-- UPDATE FROM: several partners, self joins, LATERAL
-- oracle: postgres
-- chapter: changes

CREATE TABLE positions (symbol TEXT PRIMARY KEY, quantity INTEGER);

CREATE TABLE fills (symbol TEXT, quantity INTEGER);

INSERT INTO positions VALUES ('A', 0), ('B', 0), ('C', 5);

INSERT INTO fills VALUES ('A', 10), ('A', -3), ('B', 4);

UPDATE positions p SET quantity = f.total FROM (SELECT symbol, sum(quantity) AS total FROM fills GROUP BY symbol) f WHERE f.symbol = p.symbol;

SELECT * FROM positions ORDER BY symbol;
--> symbol | quantity
--> A | 7
--> B | 4
--> C | 5

UPDATE positions p SET quantity = p.quantity + o.quantity FROM positions o WHERE o.symbol = 'C' AND p.symbol = 'A' RETURNING p.*, o.symbol AS from_symbol;
--> symbol | quantity | from_symbol
--> A | 12 | C

UPDATE positions SET quantity = 100 FROM fills WHERE fills.symbol = positions.symbol AND positions.symbol = 'A';

SELECT quantity FROM positions WHERE symbol = 'A';
--> quantity
--> 100

UPDATE positions SET quantity = fills.quantity FROM fills WHERE positions.symbol = 'B' AND fills.symbol = 'B' RETURNING *;
--> symbol | quantity | symbol | quantity
--> B | 4 | B | 4

UPDATE positions SET quantity = 1 FROM positions WHERE true;
--! 42712: table name "positions" specified more than once

UPDATE positions SET quantity = x FROM (VALUES (7)) v(x) WHERE symbol = 'C' RETURNING symbol, quantity;
--> symbol | quantity
--> C | 7

UPDATE positions SET quantity = 0 WHERE symbol IN (SELECT symbol FROM fills) RETURNING symbol;
--> symbol
--> A
--> B

UPDATE positions SET quantity = quantity + 1 FROM nowhere;
--! 42P01: relation "nowhere" does not exist
