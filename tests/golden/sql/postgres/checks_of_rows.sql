-- CHECKs: of columns together, of NULLs, of texts, added to rows that are there
-- oracle: postgres
-- chapter: constraints

CREATE TABLE orders (id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('limit', 'market')), price NUMERIC, quantity INTEGER CONSTRAINT positive CHECK (quantity > 0), since DATE, until DATE, CHECK (until > since), CONSTRAINT priced CHECK ((kind = 'limit') = (price IS NOT NULL)));

INSERT INTO orders VALUES (1, 'limit', 10, 5, '2024-01-01', '2024-01-02');

INSERT INTO orders VALUES (2, 'market', NULL, NULL, NULL, '2024-01-02');

INSERT INTO orders VALUES (3, 'stop', 10, 5, NULL, NULL);
--! 23514: new row for relation "orders" violates check constraint "orders_kind_check"

INSERT INTO orders VALUES (3, 'limit', NULL, 5, NULL, NULL);
--! 23514: new row for relation "orders" violates check constraint "priced"

INSERT INTO orders VALUES (3, 'market', 1, 5, NULL, NULL);
--! 23514: new row for relation "orders" violates check constraint "priced"

INSERT INTO orders VALUES (3, 'market', NULL, 0, NULL, NULL);
--! 23514: new row for relation "orders" violates check constraint "positive"

INSERT INTO orders VALUES (3, 'market', NULL, 1, '2024-01-02', '2024-01-02');
--! 23514: new row for relation "orders" violates check constraint "orders_check"

UPDATE orders SET kind = 'market' WHERE id = 1;
--! 23514: new row for relation "orders" violates check constraint "priced"

UPDATE orders SET kind = 'market', price = NULL WHERE id = 1 RETURNING kind, price;
--> kind | price
--> market | NULL

ALTER TABLE orders ADD CONSTRAINT small CHECK (quantity < 5);
--! 23514: check constraint "small" of relation "orders" is violated by some row

ALTER TABLE orders ADD CONSTRAINT large CHECK (quantity < 1000);

ALTER TABLE orders ADD CHECK (length(kind) > 2);

UPDATE orders SET quantity = 1000 WHERE id = 1;
--! 23514: new row for relation "orders" violates check constraint "large"

ALTER TABLE orders DROP CONSTRAINT large;

UPDATE orders SET quantity = 1000 WHERE id = 1 RETURNING quantity;
--> quantity
--> 1000

INSERT INTO orders VALUES (4, NULL, NULL, NULL, NULL, NULL);
--! 23502: null value in column "kind" of relation "orders" violates not-null constraint

INSERT INTO orders SELECT 10 + n, 'market', NULL, n, NULL, NULL FROM generate_series(2, 0, -1) AS n;
--! 23514: new row for relation "orders" violates check constraint "positive"

SELECT count(*) FROM orders;
--> count
--> 2

ALTER TABLE orders RENAME COLUMN quantity TO amount;

INSERT INTO orders VALUES (5, 'market', NULL, -1, NULL, NULL);
--! 23514: new row for relation "orders" violates check constraint "positive"

CREATE TABLE bad (x INTEGER CHECK (x > (SELECT 1)));
--! 0A000: cannot use subquery in check constraint

CREATE TABLE bad (x INTEGER CHECK (sum(x) > 1));
--! 42803: aggregate functions are not allowed in check constraints

CREATE TABLE bad (x INTEGER CHECK (y > 1));
--! 42703: column "y" does not exist
