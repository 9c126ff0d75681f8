-- An order book: best prices, depth by price, what a large order would pay
-- oracle: postgres
-- chapter: queries

CREATE TABLE book (id INTEGER PRIMARY KEY, side TEXT CHECK (side IN ('bid', 'ask')), price NUMERIC(8,2), quantity INTEGER);

INSERT INTO book VALUES (1, 'bid', 99.50, 10), (2, 'bid', 99.50, 5), (3, 'bid', 99.00, 20), (4, 'ask', 100.00, 8), (5, 'ask', 100.25, 12), (6, 'ask', 100.25, 3), (7, 'ask', 101.00, 50);

SELECT max(price) FILTER (WHERE side = 'bid') AS bid, min(price) FILTER (WHERE side = 'ask') AS ask, min(price) FILTER (WHERE side = 'ask') - max(price) FILTER (WHERE side = 'bid') AS spread FROM book;
--> bid | ask | spread
--> 99.50 | 100.00 | 0.50

SELECT side, price, sum(quantity) AS size, count(*) AS orders FROM book GROUP BY side, price ORDER BY side DESC, price DESC;
--> side | price | size | orders
--> bid | 99.50 | 15 | 2
--> bid | 99.00 | 20 | 1
--> ask | 101.00 | 50 | 1
--> ask | 100.25 | 15 | 2
--> ask | 100.00 | 8 | 1

SELECT price, size, sum(size) OVER (ORDER BY price) AS depth FROM (SELECT price, sum(quantity) AS size FROM book WHERE side = 'ask' GROUP BY price) a ORDER BY price;
--> price | size | depth
--> 100.00 | 8 | 8
--> 100.25 | 15 | 23
--> 101.00 | 50 | 73

SELECT id, price, quantity, sum(quantity) OVER (ORDER BY price, id) - quantity AS ahead FROM book WHERE side = 'ask' ORDER BY price, id;
--> id | price | quantity | ahead
--> 4 | 100.00 | 8 | 0
--> 5 | 100.25 | 12 | 8
--> 6 | 100.25 | 3 | 20
--> 7 | 101.00 | 50 | 23

SELECT id, price, least(quantity, greatest(15 - ahead, 0)) AS filled FROM (SELECT *, sum(quantity) OVER (ORDER BY price, id) - quantity AS ahead FROM book WHERE side = 'ask') a WHERE ahead < 15 ORDER BY price, id;
--> id | price | filled
--> 4 | 100.00 | 8
--> 5 | 100.25 | 7

SELECT round(sum(price * filled) / sum(filled), 4) AS average, sum(filled) AS filled FROM (SELECT price, least(quantity, 15 - ahead) AS filled FROM (SELECT *, sum(quantity) OVER (ORDER BY price, id) - quantity AS ahead FROM book WHERE side = 'ask') a WHERE ahead < 15) f;
--> average | filled
--> 100.1167 | 15

SELECT sum(least(quantity, 100 - ahead)) AS filled, 100 - sum(least(quantity, 100 - ahead)) AS rest FROM (SELECT *, sum(quantity) OVER (ORDER BY price, id) - quantity AS ahead FROM book WHERE side = 'ask') a WHERE ahead < 100;
--> filled | rest
--> 73 | 27

SELECT level, b.price AS bid, b.size AS bid_size, a.price AS ask, a.size AS ask_size
FROM (SELECT row_number() OVER (ORDER BY price DESC) AS level, price, sum(quantity) AS size FROM book WHERE side = 'bid' GROUP BY price) b
FULL JOIN (SELECT row_number() OVER (ORDER BY price) AS level, price, sum(quantity) AS size FROM book WHERE side = 'ask' GROUP BY price) a USING (level) ORDER BY level;
--> level | bid | bid_size | ask | ask_size
--> 1 | 99.50 | 15 | 100.00 | 8
--> 2 | 99.00 | 20 | 100.25 | 15
--> 3 | NULL | NULL | 101.00 | 50

SELECT round((sum(quantity) FILTER (WHERE side = 'bid') - sum(quantity) FILTER (WHERE side = 'ask'))::numeric / sum(quantity), 4) AS imbalance FROM book;
--> imbalance
--> -0.3519

SELECT id, side FROM book o WHERE EXISTS (SELECT FROM book x WHERE x.side <> o.side AND CASE o.side WHEN 'bid' THEN x.price <= o.price ELSE x.price >= o.price END) ORDER BY id;
--> id | side

INSERT INTO book VALUES (8, 'bid', 100.10, 4);

SELECT b.id AS bid, a.id AS ask, least(b.quantity, a.quantity) AS quantity, a.price FROM book b JOIN book a ON b.side = 'bid' AND a.side = 'ask' AND b.price >= a.price ORDER BY 1, 2;
--> bid | ask | quantity | price
--> 8 | 4 | 4 | 100.00

INSERT INTO book VALUES (9, 'mid', 100, 1);
--! 23514: new row for relation "book" violates check constraint "book_side_check"

SELECT json_agg(json_build_array(price, size) ORDER BY price) AS asks FROM (SELECT price, sum(quantity) AS size FROM book WHERE side = 'ask' GROUP BY price) a;
--> asks
--> [[100.00, 8], [100.25, 15], [101.00, 50]]
