-- CHECK: NULL passes, names, several columns
-- oracle: postgres
-- chapter: constraints

CREATE TABLE orders (id INTEGER, low NUMERIC CHECK (low > 0), high NUMERIC, note TEXT CONSTRAINT short CHECK (length(note) <= 5), CHECK (low < high));

INSERT INTO orders VALUES (1, 1, 2, 'ok');

INSERT INTO orders VALUES (2, NULL, NULL, NULL);

INSERT INTO orders VALUES (3, -1, 2, 'ok');
--! 23514: new row for relation "orders" violates check constraint "orders_low_check"

INSERT INTO orders VALUES (3, 3, 2, 'ok');
--! 23514: new row for relation "orders" violates check constraint "orders_check"

INSERT INTO orders VALUES (3, 1, 2, 'too long');
--! 23514: new row for relation "orders" violates check constraint "short"

INSERT INTO orders VALUES (3, -1, -2, 'too long');
--! 23514: new row for relation "orders" violates check constraint "orders_check"

UPDATE orders SET low = 5 WHERE id = 1;
--! 23514: new row for relation "orders" violates check constraint "orders_check"

UPDATE orders SET low = low - 10;
--! 23514: new row for relation "orders" violates check constraint "orders_low_check"

SELECT conname FROM pg_constraint WHERE conrelid = 'orders'::regclass ORDER BY conname;
--> conname
--> orders_check
--> orders_low_check
--> short

CREATE TABLE c (a INTEGER CHECK (a), b INTEGER);
--! 42804: argument of CHECK must be type boolean, not type integer

CREATE TABLE c (a INTEGER CHECK (true), b BOOLEAN CHECK (b));

INSERT INTO c VALUES (1, false);
--! 23514: new row for relation "c" violates check constraint "c_b_check"

INSERT INTO c VALUES (1, NULL);

CREATE TABLE d (a INTEGER CONSTRAINT x CHECK (a > 0) CONSTRAINT x CHECK (a > 1));
--! 42710: check constraint "x" already exists
