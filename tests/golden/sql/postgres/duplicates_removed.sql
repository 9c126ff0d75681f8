-- Rows that are there twice: found, counted, and removed but for one
-- oracle: postgres
-- chapter: changes

CREATE TABLE ticks (id INTEGER PRIMARY KEY, symbol TEXT, at TIMESTAMP, price NUMERIC);

INSERT INTO ticks VALUES (1, 'A', '2024-01-01 09:00', 10), (2, 'A', '2024-01-01 09:00', 10), (3, 'A', '2024-01-01 09:01', 10), (4, 'B', NULL, 5), (5, 'B', NULL, 5), (6, 'A', '2024-01-01 09:00', 10.0), (7, 'C', '2024-01-01', 1);

SELECT symbol, at, price, count(*) FROM ticks GROUP BY symbol, at, price HAVING count(*) > 1 ORDER BY symbol;
--> symbol | at | price | count
--> A | 2024-01-01 09:00:00 | 10 | 3
--> B | NULL | 5 | 2

SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY symbol, at, price ORDER BY id) AS n FROM ticks) t WHERE n > 1 ORDER BY id;
--> id
--> 2
--> 5
--> 6

SELECT t.id FROM ticks t WHERE EXISTS (SELECT FROM ticks x WHERE (x.symbol, x.at, x.price) = (t.symbol, t.at, t.price) AND x.id < t.id) ORDER BY id;
--> id
--> 2
--> 6

SELECT t.id FROM ticks t WHERE EXISTS (SELECT FROM ticks x WHERE ROW(x.symbol, x.at, x.price) IS NOT DISTINCT FROM ROW(t.symbol, t.at, t.price) AND x.id < t.id) ORDER BY id;
--> id
--> 2
--> 5
--> 6

BEGIN;

DELETE FROM ticks a USING ticks b WHERE a.id > b.id AND a.symbol = b.symbol AND a.at = b.at AND a.price = b.price;

SELECT array_agg(id ORDER BY id) AS left FROM ticks;
--> left
--> {1,3,4,5,7}

ROLLBACK;

BEGIN;

DELETE FROM ticks WHERE id NOT IN (SELECT min(id) FROM ticks GROUP BY symbol, at, price);

SELECT array_agg(id ORDER BY id) AS left FROM ticks;
--> left
--> {1,3,4,7}

ROLLBACK;

WITH numbered AS (SELECT id, row_number() OVER (PARTITION BY symbol, at, price ORDER BY id DESC) AS n FROM ticks) DELETE FROM ticks USING numbered n WHERE n.id = ticks.id AND n.n > 1;

SELECT array_agg(id ORDER BY id) AS left FROM ticks;
--> left
--> {3,5,6,7}

CREATE UNIQUE INDEX ticks_once ON ticks (symbol, at);

INSERT INTO ticks VALUES (8, 'A', '2024-01-01 09:00', 99);
--! 23505: duplicate key value violates unique constraint "ticks_once"

INSERT INTO ticks VALUES (8, 'B', NULL, 99);

SELECT count(*) FROM ticks;
--> count
--> 5
