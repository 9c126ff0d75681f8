-- Foreign keys are looked at when a statement is over: rows that refer to each other come and go in any order
-- oracle: postgres
-- chapter: constraints

CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES tree);

INSERT INTO tree VALUES (4, 3), (5, 3), (2, 1), (3, 1), (1, NULL);

INSERT INTO tree VALUES (7, 6), (8, 9);
--! 23503: insert or update on table "tree" violates foreign key constraint "tree_parent_fkey"

DELETE FROM tree WHERE id IN (1, 3);
--! 23503: update or delete on table "tree" violates foreign key constraint "tree_parent_fkey" on table "tree"

DELETE FROM tree WHERE id IN (3, 4, 5);

SELECT id, parent FROM tree ORDER BY id;
--> id | parent
--> 1 | NULL
--> 2 | 1

DELETE FROM tree;

SELECT count(*) FROM tree;
--> count
--> 0

INSERT INTO tree SELECT n, CASE WHEN n < 40 THEN n + 1 END FROM generate_series(1, 40) n;

DELETE FROM tree;

INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2);

UPDATE tree SET parent = 4 WHERE id = 3;
--! 23503: insert or update on table "tree" violates foreign key constraint "tree_parent_fkey"

UPDATE tree SET id = id + 10, parent = parent + 10;

SELECT id, parent FROM tree ORDER BY id;
--> id | parent
--> 11 | NULL
--> 12 | 11
--> 13 | 12

CREATE TABLE falls (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES falls ON DELETE CASCADE);

INSERT INTO falls VALUES (1, NULL), (2, 1), (3, 2), (4, 1);

WITH gone AS (DELETE FROM falls RETURNING id) SELECT count(*) FROM gone;
--> count
--> 4

INSERT INTO falls VALUES (1, NULL), (2, 1), (3, 2), (4, 1);

WITH gone AS (DELETE FROM falls WHERE id IN (1, 3) RETURNING id) SELECT count(*) FROM gone;
--> count
--> 2

SELECT count(*) FROM falls;
--> count
--> 0

CREATE TABLE bound (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES bound ON DELETE RESTRICT);

INSERT INTO bound VALUES (2, 1), (1, NULL);

DELETE FROM bound WHERE id = 1;
--! 23503: update or delete on table "bound" violates foreign key constraint "bound_parent_fkey" on table "bound"

DELETE FROM bound;

CREATE TABLE orders (id INTEGER PRIMARY KEY);

CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders);

WITH item AS (INSERT INTO items VALUES (10, 1) RETURNING order_id)
INSERT INTO orders SELECT order_id FROM item;

WITH item AS (INSERT INTO items VALUES (11, 2) RETURNING order_id)
INSERT INTO orders SELECT order_id + 1 FROM item;
--! 23503: insert or update on table "items" violates foreign key constraint "items_order_id_fkey"

WITH gone AS (DELETE FROM orders WHERE id = 1 RETURNING id)
DELETE FROM items WHERE order_id IN (SELECT id FROM gone);

SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM items);
--> count | count
--> 0 | 0

BEGIN;

INSERT INTO tree VALUES (31, 32), (32, NULL);

DELETE FROM tree;

INSERT INTO tree VALUES (2, 1), (1, NULL);

DELETE FROM tree WHERE id = 1;
--! 23503: update or delete on table "tree" violates foreign key constraint "tree_parent_fkey" on table "tree"

ROLLBACK;

SELECT id, parent FROM tree ORDER BY id;
--> id | parent
--> 11 | NULL
--> 12 | 11
--> 13 | 12

INSERT INTO tree VALUES (12, NULL), (50, 51), (51, NULL) ON CONFLICT DO NOTHING;

SELECT id, parent FROM tree ORDER BY id;
--> id | parent
--> 11 | NULL
--> 12 | 11
--> 13 | 12
--> 50 | 51
--> 51 | NULL
