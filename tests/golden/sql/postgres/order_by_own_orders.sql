-- Orders of one's own: CASE, positions in arrays, conditions
-- oracle: postgres
-- chapter: queries

CREATE TABLE orders (id INTEGER, state TEXT, side TEXT, price NUMERIC);

INSERT INTO orders VALUES (1, 'filled', 'buy', 10), (2, 'new', 'sell', 11), (3, 'open', 'buy', 9), (4, 'new', 'buy', NULL), (5, 'other', 'sell', 12), (6, 'open', 'sell', 11);

SELECT id, state FROM orders ORDER BY CASE state WHEN 'new' THEN 1 WHEN 'open' THEN 2 WHEN 'filled' THEN 3 END, id;
--> id | state
--> 2 | new
--> 4 | new
--> 3 | open
--> 6 | open
--> 1 | filled
--> 5 | other

SELECT id, state FROM orders ORDER BY array_position(ARRAY['open', 'new'], state), id;
--> id | state
--> 3 | open
--> 6 | open
--> 2 | new
--> 4 | new
--> 1 | filled
--> 5 | other

SELECT id, state FROM orders ORDER BY state = 'open' DESC, id DESC;
--> id | state
--> 6 | open
--> 3 | open
--> 5 | other
--> 4 | new
--> 2 | new
--> 1 | filled

SELECT id, price FROM orders ORDER BY price IS NULL DESC, price DESC, id;
--> id | price
--> 4 | NULL
--> 5 | 12
--> 2 | 11
--> 6 | 11
--> 1 | 10
--> 3 | 9

SELECT id, side, price FROM orders ORDER BY side, CASE side WHEN 'buy' THEN -price ELSE price END NULLS LAST, id;
--> id | side | price
--> 1 | buy | 10
--> 3 | buy | 9
--> 4 | buy | NULL
--> 2 | sell | 11
--> 6 | sell | 11
--> 5 | sell | 12

SELECT id, price FROM orders ORDER BY abs(price - 10), id;
--> id | price
--> 1 | 10
--> 2 | 11
--> 3 | 9
--> 6 | 11
--> 5 | 12
--> 4 | NULL

SELECT id, price FROM orders ORDER BY coalesce(price, 10.5), id;
--> id | price
--> 3 | 9
--> 1 | 10
--> 4 | NULL
--> 2 | 11
--> 6 | 11
--> 5 | 12

SELECT id, -id AS minus FROM orders ORDER BY minus LIMIT 2;
--> id | minus
--> 6 | -6
--> 5 | -5

SELECT id, id % 2 AS odd, side FROM orders ORDER BY 2 DESC, 3, 1;
--> id | odd | side
--> 1 | 1 | buy
--> 3 | 1 | buy
--> 5 | 1 | sell
--> 4 | 0 | buy
--> 2 | 0 | sell
--> 6 | 0 | sell

SELECT state FROM orders GROUP BY state ORDER BY count(*) DESC, state;
--> state
--> new
--> open
--> filled
--> other

SELECT state, count(*) AS n FROM orders GROUP BY state ORDER BY max(price) NULLS FIRST, n;
--> state | n
--> filled | 1
--> open | 2
--> new | 2
--> other | 1

SELECT DISTINCT state, length(state) AS long FROM orders ORDER BY length(state), state;
--> state | long
--> new | 3
--> open | 4
--> other | 5
--> filled | 6

SELECT DISTINCT state FROM orders ORDER BY length(state);
--! 42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list

SELECT id FROM orders ORDER BY (side, -id) LIMIT 3;
--> id
--> 4
--> 3
--> 1

SELECT id AS side, side AS id FROM orders ORDER BY side LIMIT 2;
--> side | id
--> 1 | buy
--> 2 | sell
