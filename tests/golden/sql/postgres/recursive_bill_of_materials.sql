-- Baskets of baskets, resolved into what they are made of
-- oracle: postgres
-- chapter: queries

CREATE TABLE parts (basket TEXT, item TEXT, quantity INTEGER);

INSERT INTO parts VALUES ('fund', 'tech', 2), ('fund', 'bond', 5), ('tech', 'AAA', 3), ('tech', 'BBB', 1), ('fund', 'AAA', 4), ('mini', 'tech', 1);

CREATE TABLE prices (item TEXT PRIMARY KEY, price NUMERIC(8,2));

INSERT INTO prices VALUES ('AAA', 10.50), ('BBB', 99), ('bond', 100.25);

WITH RECURSIVE exploded (item, quantity) AS (
  SELECT item, quantity FROM parts WHERE basket = 'fund'
  UNION ALL
  SELECT p.item, e.quantity * p.quantity FROM exploded e JOIN parts p ON p.basket = e.item
) SELECT item, sum(quantity) AS quantity FROM exploded WHERE item NOT IN (SELECT basket FROM parts) GROUP BY item ORDER BY item;
--> item | quantity
--> AAA | 10
--> BBB | 2
--> bond | 5

WITH RECURSIVE exploded (root, item, quantity) AS (
  SELECT basket, item, quantity FROM parts
  UNION ALL
  SELECT e.root, p.item, e.quantity * p.quantity FROM exploded e JOIN parts p ON p.basket = e.item
) SELECT root, sum(quantity * price) AS value FROM exploded JOIN prices USING (item) GROUP BY root ORDER BY root;
--> root | value
--> fund | 804.25
--> mini | 130.50
--> tech | 130.50

WITH RECURSIVE tree (item, level, path) AS (
  SELECT 'fund', 0, ARRAY['fund']
  UNION ALL
  SELECT p.item, level + 1, path || p.item FROM tree t JOIN parts p ON p.basket = t.item
) SELECT repeat('  ', level) || item AS tree FROM tree ORDER BY path;
--> tree
--> fund
-->   AAA
-->   bond
-->   tech
-->     AAA
-->     BBB

WITH RECURSIVE tree (item, level) AS (SELECT 'fund', 0 UNION ALL SELECT p.item, level + 1 FROM tree t JOIN parts p ON p.basket = t.item) SELECT max(level) AS depth, count(*) AS nodes FROM tree;
--> depth | nodes
--> 2 | 6

WITH RECURSIVE used_in (basket) AS (SELECT basket FROM parts WHERE item = 'BBB' UNION SELECT p.basket FROM used_in u JOIN parts p ON p.item = u.basket) SELECT basket FROM used_in ORDER BY 1;
--> basket
--> fund
--> mini
--> tech

SELECT DISTINCT basket AS root FROM parts WHERE basket NOT IN (SELECT item FROM parts) ORDER BY 1;
--> root
--> fund
--> mini

WITH RECURSIVE exploded (item, quantity, route) AS (
  SELECT item, quantity, 'fund/' || item FROM parts WHERE basket = 'fund'
  UNION ALL
  SELECT p.item, e.quantity * p.quantity, route || '/' || p.item FROM exploded e JOIN parts p ON p.basket = e.item
) SELECT route, quantity FROM exploded WHERE item = 'AAA' ORDER BY route;
--> route | quantity
--> fund/AAA | 4
--> fund/tech/AAA | 6

UPDATE parts SET quantity = 100 WHERE basket IN (WITH RECURSIVE up (b) AS (SELECT 'AAA' UNION SELECT basket FROM up JOIN parts ON item = b) SELECT b FROM up) AND item = 'tech';

SELECT basket, item, quantity FROM parts WHERE item = 'tech' ORDER BY 1;
--> basket | item | quantity
--> fund | tech | 100
--> mini | tech | 100
