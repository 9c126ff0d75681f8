-- Rows of two tables made by one statement, the second with the keys of the first
-- oracle: postgres
-- chapter: changes

CREATE TABLE orders (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, client TEXT, total NUMERIC);

CREATE TABLE lines (order_id INTEGER NOT NULL REFERENCES orders, n INTEGER, item TEXT, price NUMERIC, PRIMARY KEY (order_id, n));

WITH made AS (INSERT INTO orders (client) VALUES ('ann') RETURNING id) INSERT INTO lines SELECT id, n, item, price FROM made, (VALUES (1, 'x', 5.5), (2, 'y', 4)) v(n, item, price) RETURNING order_id, n, item;
--> order_id | n | item
--> 1 | 1 | x
--> 1 | 2 | y

WITH made AS (INSERT INTO orders (client) SELECT c FROM unnest(ARRAY['bob', 'cyd']) AS c RETURNING id, client) INSERT INTO lines SELECT id, 1, client || '''s', 1 FROM made;

SELECT o.client, l.item FROM orders o JOIN lines l ON l.order_id = o.id ORDER BY o.id, l.n;
--> client | item
--> ann | x
--> ann | y
--> bob | bob's
--> cyd | cyd's

WITH sums AS (SELECT order_id, sum(price) AS total FROM lines GROUP BY order_id) UPDATE orders o SET total = s.total FROM sums s WHERE s.order_id = o.id;

SELECT id, total FROM orders ORDER BY id;
--> id | total
--> 1 | 9.5
--> 2 | 1
--> 3 | 1

WITH made AS (INSERT INTO orders (client) VALUES ('dan') RETURNING *), line AS (INSERT INTO lines SELECT id, 1, 'z', 3 FROM made RETURNING *) SELECT made.client, line.item, line.order_id = made.id AS same FROM made, line;
--> client | item | same
--> dan | z | t

INSERT INTO orders (id, client) VALUES (100, 'eve');
--! 428C9: cannot insert a non-DEFAULT value into column "id"

INSERT INTO orders (id, client) OVERRIDING SYSTEM VALUE VALUES (100, 'eve') RETURNING id;
--> id
--> 100

INSERT INTO orders (client) VALUES ('fay') RETURNING id;
--> id
--> 5

INSERT INTO lines VALUES (99, 1, 'none', 1);
--! 23503: insert or update on table "lines" violates foreign key constraint "lines_order_id_fkey"

WITH gone AS (DELETE FROM lines WHERE order_id = 1 RETURNING order_id, price) SELECT order_id, count(*), sum(price) FROM gone GROUP BY order_id;
--> order_id | count | sum
--> 1 | 2 | 9.5

DELETE FROM orders WHERE id = 1 RETURNING client, total;
--> client | total
--> ann | 9.5

DELETE FROM orders WHERE NOT EXISTS (SELECT FROM lines WHERE order_id = orders.id);

SELECT id, client FROM orders ORDER BY id;
--> id | client
--> 2 | bob
--> 3 | cyd
--> 4 | dan

WITH l AS (DELETE FROM lines) DELETE FROM orders;

SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM lines) AS lines;
--> orders | lines
--> 0 | 0
