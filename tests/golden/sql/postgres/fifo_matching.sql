-- First in, first out: sales matched with lots that were bought before
-- oracle: postgres
-- chapter: windows

CREATE TABLE lots (id INTEGER PRIMARY KEY, side TEXT, quantity INTEGER, price NUMERIC);

INSERT INTO lots VALUES (1, 'buy', 100, 10), (2, 'buy', 50, 12), (3, 'sell', 120, 15), (4, 'buy', 30, 11), (5, 'sell', 20, 14);

CREATE VIEW spans AS SELECT id, side, price, quantity, sum(quantity) OVER (PARTITION BY side ORDER BY id) - quantity AS since, sum(quantity) OVER (PARTITION BY side ORDER BY id) AS until FROM lots;

SELECT * FROM spans ORDER BY side, id;
--> id | side | price | quantity | since | until
--> 1 | buy | 10 | 100 | 0 | 100
--> 2 | buy | 12 | 50 | 100 | 150
--> 4 | buy | 11 | 30 | 150 | 180
--> 3 | sell | 15 | 120 | 0 | 120
--> 5 | sell | 14 | 20 | 120 | 140

SELECT s.id AS sale, b.id AS lot, least(s.until, b.until) - greatest(s.since, b.since) AS quantity FROM spans s JOIN spans b ON s.side = 'sell' AND b.side = 'buy' AND s.since < b.until AND b.since < s.until ORDER BY 1, 2;
--> sale | lot | quantity
--> 3 | 1 | 100
--> 3 | 2 | 20
--> 5 | 2 | 20

SELECT s.id AS sale, sum((least(s.until, b.until) - greatest(s.since, b.since)) * (s.price - b.price)) AS gain FROM spans s JOIN spans b ON s.side = 'sell' AND b.side = 'buy' AND s.since < b.until AND b.since < s.until GROUP BY s.id ORDER BY 1;
--> sale | gain
--> 3 | 560
--> 5 | 40

SELECT b.id AS lot, b.quantity - coalesce(sum(least(s.until, b.until) - greatest(s.since, b.since)), 0) AS left FROM spans b LEFT JOIN spans s ON s.side = 'sell' AND s.since < b.until AND b.since < s.until WHERE b.side = 'buy' GROUP BY b.id, b.quantity ORDER BY 1;
--> lot | left
--> 1 | 0
--> 2 | 10
--> 4 | 0

SELECT sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) AS position FROM lots;
--> position
--> 40

SELECT id, sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) OVER (ORDER BY id) AS position FROM lots ORDER BY id;
--> id | position
--> 1 | 100
--> 2 | 150
--> 3 | 30
--> 4 | 60
--> 5 | 40

WITH RECURSIVE held (id, position, cost, gain) AS (
  SELECT 0, 0, 0::numeric, 0::numeric
  UNION ALL
  SELECT l.id, h.position + CASE l.side WHEN 'buy' THEN l.quantity ELSE -l.quantity END,
    CASE l.side WHEN 'buy' THEN h.cost + l.quantity * l.price ELSE round(h.cost * (h.position - l.quantity) / h.position, 2) END,
    CASE l.side WHEN 'buy' THEN h.gain ELSE h.gain + l.quantity * l.price - (h.cost - round(h.cost * (h.position - l.quantity) / h.position, 2)) END
  FROM held h JOIN lots l ON l.id = h.id + 1
) SELECT id, position, cost, gain FROM held ORDER BY id;
--> id | position | cost | gain
--> 0 | 0 | 0 | 0
--> 1 | 100 | 1000 | 0
--> 2 | 150 | 1600 | 0
--> 3 | 30 | 320.00 | 520.00
--> 4 | 60 | 650.00 | 520.00
--> 5 | 40 | 433.33 | 583.33

INSERT INTO lots VALUES (6, 'sell', 100, 20);

SELECT s.id AS sale, s.quantity - coalesce(sum(least(s.until, b.until) - greatest(s.since, b.since)), 0) AS uncovered FROM spans s LEFT JOIN spans b ON b.side = 'buy' AND s.since < b.until AND b.since < s.until WHERE s.side = 'sell' GROUP BY s.id, s.quantity ORDER BY 1;
--> sale | uncovered
--> 3 | 0
--> 5 | 0
--> 6 | 60

SELECT id FROM (SELECT id, sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) OVER (ORDER BY id) AS position FROM lots) p WHERE position < 0 ORDER BY id;
--> id
--> 6
