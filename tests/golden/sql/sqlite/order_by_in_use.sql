-- ORDER BY: own orders, collations, NULLs, places, and LIMIT
-- oracle: sqlite
-- chapter: queries

CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT, price REAL);

INSERT INTO orders VALUES (1, 'filled', 10), (2, 'new', 11), (3, 'open', 9), (4, 'new', NULL), (5, 'Other', 12), (6, 'open', 11);

SELECT id FROM orders ORDER BY CASE state WHEN 'new' THEN 1 WHEN 'open' THEN 2 WHEN 'filled' THEN 3 ELSE 4 END, id;
--> id
--> 2
--> 4
--> 3
--> 6
--> 1
--> 5

SELECT id FROM orders ORDER BY state = 'open' DESC, id DESC;
--> id
--> 6
--> 3
--> 5
--> 4
--> 2
--> 1

SELECT id FROM orders ORDER BY price, id;
--> id
--> 4
--> 3
--> 1
--> 2
--> 6
--> 5

SELECT id FROM orders ORDER BY price DESC, id;
--> id
--> 5
--> 2
--> 6
--> 1
--> 3
--> 4

SELECT id FROM orders ORDER BY price NULLS LAST, id;
--> id
--> 3
--> 1
--> 2
--> 6
--> 5
--> 4

SELECT id FROM orders ORDER BY price DESC NULLS FIRST, id;
--> id
--> 4
--> 5
--> 2
--> 6
--> 1
--> 3

SELECT id FROM orders ORDER BY price IS NULL, price, id;
--> id
--> 3
--> 1
--> 2
--> 6
--> 5
--> 4

SELECT state FROM orders ORDER BY state LIMIT 1;
--> state
--> Other

SELECT state FROM orders ORDER BY state COLLATE NOCASE DESC LIMIT 1;
--> state
--> Other

SELECT id, -id AS minus FROM orders ORDER BY minus LIMIT 2;
--> id | minus
--> 6 | -6
--> 5 | -5

SELECT id AS state, state AS id FROM orders WHERE id < 4 ORDER BY id DESC LIMIT 1;
--> state | id
--> 3 | open

SELECT id, abs(price - 10) AS off FROM orders ORDER BY 2, 1 LIMIT 3;
--> id | off
--> 4 | NULL
--> 1 | 0.0
--> 2 | 1.0

SELECT id FROM orders ORDER BY 1 + 0 DESC, id LIMIT 2;
--> id
--> 1
--> 2

SELECT id FROM orders ORDER BY (SELECT count(*) FROM orders o WHERE o.state = orders.state) DESC, id LIMIT 4;
--> id
--> 2
--> 3
--> 4
--> 6

SELECT id FROM orders ORDER BY id LIMIT 2 OFFSET 3;
--> id
--> 4
--> 5

SELECT id FROM orders ORDER BY id LIMIT 3, 2;
--> id
--> 4
--> 5

SELECT id FROM orders ORDER BY id LIMIT -1 OFFSET 4;
--> id
--> 5
--> 6

SELECT id FROM orders ORDER BY id LIMIT 2 OFFSET -5;
--> id
--> 1
--> 2

SELECT id FROM orders ORDER BY id LIMIT (SELECT count(*) / 3 FROM orders);
--> id
--> 1
--> 2

SELECT id FROM orders ORDER BY id LIMIT '2';
--> id
--> 1
--> 2

SELECT id FROM orders ORDER BY id LIMIT 'two';
--! datatype mismatch

SELECT id FROM orders ORDER BY id LIMIT 1.5;
--! datatype mismatch

SELECT id FROM orders ORDER BY 3;
--! 1st ORDER BY term out of range - should be between 1 and 1

SELECT id FROM orders ORDER BY 0;
--! 1st ORDER BY term out of range - should be between 1 and 1

SELECT (id, price) > (3, 0) AS above FROM orders ORDER BY id LIMIT 4;
--> above
--> 0
--> 0
--> 1
--> 1

SELECT id FROM orders WHERE (price, id) > (10, 1) ORDER BY price, id LIMIT 3;
--> id
--> 2
--> 6
--> 5
