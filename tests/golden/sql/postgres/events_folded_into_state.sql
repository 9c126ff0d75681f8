-- Events in order, folded into the state of each order
-- oracle: postgres
-- chapter: queries

CREATE TABLE events (n INTEGER PRIMARY KEY, order_id INTEGER, kind TEXT, quantity INTEGER, price NUMERIC);

INSERT INTO events VALUES (1, 1, 'new', 100, 10), (2, 2, 'new', 50, 11), (3, 1, 'fill', 30, 10), (4, 1, 'amend', 80, 10.5), (5, 2, 'cancel', NULL, NULL), (6, 1, 'fill', 50, 10.4), (7, 3, 'new', 5, 9), (8, 2, 'fill', 10, 11);

SELECT order_id, (array_agg(quantity ORDER BY n DESC) FILTER (WHERE kind IN ('new', 'amend')))[1] AS quantity, coalesce(sum(quantity) FILTER (WHERE kind = 'fill'), 0) AS filled, bool_or(kind = 'cancel') AS cancelled FROM events GROUP BY order_id ORDER BY order_id;
--> order_id | quantity | filled | cancelled
--> 1 | 80 | 80 | f
--> 2 | 50 | 10 | t
--> 3 | 5 | 0 | f

CREATE VIEW states AS
SELECT order_id, quantity, filled, CASE WHEN cancelled THEN 'cancelled' WHEN filled >= quantity THEN 'filled' WHEN filled > 0 THEN 'partly' ELSE 'new' END AS state FROM (
  SELECT order_id, (array_agg(quantity ORDER BY n DESC) FILTER (WHERE kind IN ('new', 'amend')))[1] AS quantity, coalesce(sum(quantity) FILTER (WHERE kind = 'fill'), 0) AS filled, bool_or(kind = 'cancel') AS cancelled FROM events GROUP BY order_id) s;

SELECT * FROM states ORDER BY order_id;
--> order_id | quantity | filled | state
--> 1 | 80 | 80 | filled
--> 2 | 50 | 10 | cancelled
--> 3 | 5 | 0 | new

SELECT n, order_id, kind, sum(quantity) FILTER (WHERE kind = 'fill') OVER (PARTITION BY order_id ORDER BY n) AS filled FROM events ORDER BY n;
--> n | order_id | kind | filled
--> 1 | 1 | new | NULL
--> 2 | 2 | new | NULL
--> 3 | 1 | fill | 30
--> 4 | 1 | amend | 30
--> 5 | 2 | cancel | NULL
--> 6 | 1 | fill | 80
--> 7 | 3 | new | NULL
--> 8 | 2 | fill | 10

SELECT n, order_id, kind, last_value(kind) OVER (PARTITION BY order_id ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last FROM events WHERE n < 6 ORDER BY n;
--> n | order_id | kind | last
--> 1 | 1 | new | amend
--> 2 | 2 | new | cancel
--> 3 | 1 | fill | amend
--> 4 | 1 | amend | amend
--> 5 | 2 | cancel | cancel

SELECT order_id, string_agg(kind, '>' ORDER BY n) AS path FROM events GROUP BY order_id ORDER BY order_id;
--> order_id | path
--> 1 | new>fill>amend>fill
--> 2 | new>cancel>fill
--> 3 | new

SELECT e.n, e.kind FROM events e WHERE kind = 'fill' AND EXISTS (SELECT FROM events c WHERE c.order_id = e.order_id AND c.kind = 'cancel' AND c.n < e.n);
--> n | kind
--> 8 | fill

SELECT order_id, round(sum(quantity * price) / sum(quantity), 4) AS average FROM events WHERE kind = 'fill' GROUP BY order_id ORDER BY order_id;
--> order_id | average
--> 1 | 10.2500
--> 2 | 11.0000

WITH RECURSIVE fold (n, open) AS (
  SELECT 0, '{}'::jsonb
  UNION ALL
  SELECT e.n, CASE e.kind WHEN 'new' THEN open || jsonb_build_object(e.order_id::text, e.quantity) WHEN 'amend' THEN open || jsonb_build_object(e.order_id::text, e.quantity) WHEN 'cancel' THEN open - e.order_id::text ELSE open END FROM fold f JOIN events e ON e.n = f.n + 1
) SELECT n, open FROM fold WHERE n IN (0, 2, 5, 8) ORDER BY n;
--> n | open
--> 0 | {}
--> 2 | {"1": 100, "2": 50}
--> 5 | {"1": 80}
--> 8 | {"1": 80, "3": 5}

SELECT kind, count(*) AS n, count(DISTINCT order_id) AS orders FROM events GROUP BY ROLLUP (kind) ORDER BY kind NULLS LAST;
--> kind | n | orders
--> amend | 1 | 1
--> cancel | 1 | 1
--> fill | 3 | 2
--> new | 3 | 3
--> NULL | 8 | 3

SELECT order_id FROM events GROUP BY order_id HAVING (array_agg(kind ORDER BY n))[1] <> 'new' OR count(*) FILTER (WHERE kind = 'new') <> 1;
--> order_id

SELECT state, sum(quantity - filled) AS rest FROM states GROUP BY state ORDER BY state;
--> state | rest
--> cancelled | 40
--> filled | 0
--> new | 5
