-- A NULL key meets nobody, yet outer joins keep its row
-- oracle: postgres
-- chapter: queries

CREATE TABLE orders (id INTEGER, trader TEXT);

CREATE TABLE traders (name TEXT, desk TEXT);

INSERT INTO orders VALUES (1, 'ann'), (2, NULL), (3, 'bob'), (4, NULL), (5, 'zoe');

INSERT INTO traders VALUES ('ann', 'rates'), ('bob', NULL), (NULL, 'nobody'), ('eve', 'credit');

SELECT o.id, t.desk FROM orders o JOIN traders t ON o.trader = t.name ORDER BY o.id;
--> id | desk
--> 1 | rates
--> 3 | NULL

SELECT o.id, t.name, t.desk FROM orders o LEFT JOIN traders t ON o.trader = t.name ORDER BY o.id;
--> id | name | desk
--> 1 | ann | rates
--> 2 | NULL | NULL
--> 3 | bob | NULL
--> 4 | NULL | NULL
--> 5 | NULL | NULL

SELECT o.id, t.name, t.desk FROM orders o RIGHT JOIN traders t ON o.trader = t.name ORDER BY o.id, t.desk;
--> id | name | desk
--> 1 | ann | rates
--> 3 | bob | NULL
--> NULL | eve | credit
--> NULL | NULL | nobody

SELECT o.id, o.trader, t.name, t.desk FROM orders o FULL JOIN traders t ON o.trader = t.name ORDER BY o.id, t.desk;
--> id | trader | name | desk
--> 1 | ann | ann | rates
--> 2 | NULL | NULL | NULL
--> 3 | bob | bob | NULL
--> 4 | NULL | NULL | NULL
--> 5 | zoe | NULL | NULL
--> NULL | NULL | eve | credit
--> NULL | NULL | NULL | nobody

SELECT count(*) AS pairs FROM orders o JOIN traders t ON o.trader <> t.name;
--> pairs
--> 7

SELECT o.id, t.desk FROM orders o JOIN traders t ON o.trader IS NOT DISTINCT FROM t.name ORDER BY o.id;
--> id | desk
--> 1 | rates
--> 2 | nobody
--> 3 | NULL
--> 4 | nobody

SELECT o.id, trader, desk FROM orders o LEFT JOIN traders t(trader, desk) USING (trader) WHERE desk IS NULL ORDER BY o.id;
--> id | trader | desk
--> 2 | NULL | NULL
--> 3 | bob | NULL
--> 4 | NULL | NULL
--> 5 | zoe | NULL

SELECT coalesce(o.trader, '(none)') AS trader, count(t.name) AS found, count(*) AS rows
FROM orders o LEFT JOIN traders t ON t.name = o.trader GROUP BY o.trader ORDER BY o.trader NULLS FIRST;
--> trader | found | rows
--> (none) | 0 | 2
--> ann | 1 | 1
--> bob | 1 | 1
--> zoe | 0 | 1

SELECT o.id FROM orders o JOIN traders t ON coalesce(o.trader, '') = coalesce(t.name, '') ORDER BY o.id;
--> id
--> 1
--> 2
--> 3
--> 4
