-- What a change did is written into another table by the same statement
-- oracle: postgres
-- chapter: changes

CREATE TABLE prices (symbol TEXT PRIMARY KEY, price NUMERIC);

CREATE TABLE audit (n INTEGER GENERATED ALWAYS AS IDENTITY, symbol TEXT, before NUMERIC, after NUMERIC, what TEXT);

INSERT INTO prices VALUES ('A', 10), ('B', 20), ('C', 30);

WITH old AS (SELECT * FROM prices WHERE symbol = 'A'), new AS (UPDATE prices SET price = price * 1.1 WHERE symbol = 'A' RETURNING *)
INSERT INTO audit (symbol, before, after, what) SELECT symbol, old.price, new.price, 'update' FROM old JOIN new USING (symbol) RETURNING symbol, before, after;
--> symbol | before | after
--> A | 10 | 11.0
--~> symbol | before | after
--~> A | 11.0 | 11.0

WITH gone AS (DELETE FROM prices WHERE price > 25 RETURNING *) INSERT INTO audit (symbol, before, what) SELECT symbol, price, 'delete' FROM gone;

WITH made AS (INSERT INTO prices VALUES ('D', 5), ('B', 21) ON CONFLICT (symbol) DO NOTHING RETURNING *) INSERT INTO audit (symbol, after, what) SELECT symbol, price, 'insert' FROM made;

SELECT symbol, before, after, what FROM audit ORDER BY n;
--> symbol | before | after | what
--> A | 10 | 11.0 | update
--> C | 30 | NULL | delete
--> D | NULL | 5 | insert
--~> symbol | before | after | what
--~> A | 11.0 | 11.0 | update
--~> C | 30 | NULL | delete
--~> D | NULL | 5 | insert

WITH changed AS (UPDATE prices SET price = price + 1 RETURNING symbol, price) SELECT count(*), sum(price) FROM changed;
--> count | sum
--> 3 | 39.0

WITH changed AS (UPDATE prices SET price = 0 WHERE symbol = 'B' RETURNING symbol) SELECT p.symbol, p.price FROM prices p ORDER BY symbol;
--> symbol | price
--> A | 12.0
--> B | 21
--> D | 6
--~> symbol | price
--~> A | 12.0
--~> B | 0
--~> D | 6

SELECT * FROM prices ORDER BY symbol;
--> symbol | price
--> A | 12.0
--> B | 0
--> D | 6

WITH a AS (UPDATE prices SET price = 1 WHERE symbol = 'A' RETURNING symbol), b AS (UPDATE prices SET price = 2 WHERE symbol = 'D' RETURNING symbol) SELECT symbol FROM a UNION ALL SELECT symbol FROM b ORDER BY 1;
--> symbol
--> A
--> D

WITH unread AS (DELETE FROM prices WHERE symbol = 'D') SELECT 'done' AS done;
--> done
--> done

SELECT symbol, price FROM prices ORDER BY symbol;
--> symbol | price
--> A | 1
--> B | 0

WITH moved AS (DELETE FROM audit WHERE what = 'insert' RETURNING symbol, after) INSERT INTO prices SELECT symbol, after FROM moved ON CONFLICT (symbol) DO UPDATE SET price = excluded.price RETURNING *;
--> symbol | price
--> D | 5

SELECT count(*) FROM audit;
--> count
--> 2

WITH new AS (UPDATE prices SET price = price RETURNING nothing) SELECT 1;
--! 42703: column "nothing" does not exist
