-- Changes through views: columns, conditions, views of views
-- oracle: postgres
-- chapter: changes

CREATE TABLE orders (id INTEGER PRIMARY KEY, side TEXT NOT NULL DEFAULT 'buy', price NUMERIC(8, 2), quantity INTEGER CHECK (quantity > 0));

INSERT INTO orders VALUES (1, 'buy', 10, 1), (2, 'sell', 11, 2), (3, 'buy', 12, 3);

CREATE VIEW bids AS SELECT id AS number, quantity AS q, price, price * quantity AS worth FROM orders WHERE side = 'buy';

INSERT INTO bids (number, q, price) VALUES (4, 4, 13) RETURNING *;
--> number | q | price | worth
--> 4 | 4 | 13.00 | 52.00

INSERT INTO bids VALUES (5, 5);

INSERT INTO bids (number, worth) VALUES (6, 1);
--! 0A000: cannot insert into column "worth" of view "bids"

INSERT INTO bids (number, nothing) VALUES (6, 1);
--! 42703: column "nothing" of relation "bids" does not exist

INSERT INTO bids (number, q) VALUES (6, 0);
--! 23514: new row for relation "orders" violates check constraint "orders_quantity_check"

INSERT INTO bids (number, q) VALUES (1, 1);
--! 23505: duplicate key value violates unique constraint "orders_pkey"

UPDATE bids SET q = q + 1 WHERE number = 1 RETURNING number, q, worth;
--> number | q | worth
--> 1 | 2 | 20.00

UPDATE bids SET q = 9 WHERE number = 2;

UPDATE bids SET worth = 1;
--! 0A000: cannot update column "worth" of view "bids"

UPDATE bids AS b SET price = o.price FROM orders o WHERE o.id = 2 AND b.number = 3 RETURNING b.number, b.price, o.side;
--> number | price | side
--> 3 | 11.00 | sell

UPDATE bids SET side = 'sell';
--! 42703: column "side" of relation "bids" does not exist

DELETE FROM bids WHERE q > 4 RETURNING number;
--> number
--> 5

DELETE FROM bids USING orders o WHERE o.id = bids.number AND o.price = 13 RETURNING bids.number;
--> number
--> 4

DELETE FROM bids WHERE number = 2;

SELECT * FROM orders ORDER BY id;
--> id | side | price | quantity
--> 1 | buy | 10.00 | 2
--> 2 | sell | 11.00 | 2
--> 3 | buy | 11.00 | 3

CREATE VIEW dear AS SELECT number, price FROM bids WHERE price > 11;

UPDATE dear SET price = price + 1 RETURNING *;
--> number | price

DELETE FROM dear;

SELECT * FROM orders ORDER BY id;
--> id | side | price | quantity
--> 1 | buy | 10.00 | 2
--> 2 | sell | 11.00 | 2
--> 3 | buy | 11.00 | 3

CREATE VIEW counted AS SELECT side, count(*) FROM orders GROUP BY side;

DELETE FROM counted;
--! 55000: cannot delete from view "counted"

CREATE VIEW unequal AS SELECT DISTINCT side FROM orders;

UPDATE unequal SET side = 'x';
--! 55000: cannot update view "unequal"

CREATE VIEW few AS SELECT id FROM orders LIMIT 1;

INSERT INTO few VALUES (9);
--! 55000: cannot insert into view "few"

CREATE VIEW joined AS SELECT o.id FROM orders o JOIN bids b ON o.id = b.number;

DELETE FROM joined;
--! 55000: cannot delete from view "joined"

CREATE VIEW united AS SELECT id FROM orders UNION ALL SELECT number FROM bids;

DELETE FROM united;
--! 55000: cannot delete from view "united"
