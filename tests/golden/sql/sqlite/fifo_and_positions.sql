-- Sales matched with lots bought before, and positions as they move
-- oracle: sqlite
-- chapter: windows

CREATE TABLE lots (id INTEGER PRIMARY KEY, side TEXT, quantity INTEGER, price REAL);

INSERT INTO lots VALUES (1, 'buy', 100, 10), (2, 'buy', 50, 12), (3, 'sell', 120, 15), (4, 'buy', 30, 11), (5, 'sell', 20, 14);

CREATE VIEW spans AS SELECT *, sum(quantity) OVER (PARTITION BY side ORDER BY id) AS until, sum(quantity) OVER (PARTITION BY side ORDER BY id) - quantity AS since FROM lots;

SELECT id, side, since, until FROM spans ORDER BY side, id;
--> id | side | since | until
--> 1 | buy | 0 | 100
--> 2 | buy | 100 | 150
--> 4 | buy | 150 | 180
--> 3 | sell | 0 | 120
--> 5 | sell | 120 | 140

SELECT s.id AS sale, b.id AS lot, min(s.until, b.until) - max(s.since, b.since) AS quantity FROM spans s JOIN spans b ON s.side = 'sell' AND b.side = 'buy' AND s.since < b.until AND b.since < s.until ORDER BY 1, 2;
--> sale | lot | quantity
--> 3 | 1 | 100
--> 3 | 2 | 20
--> 5 | 2 | 20

SELECT s.id AS sale, sum((min(s.until, b.until) - max(s.since, b.since)) * (s.price - b.price)) AS gain FROM spans s JOIN spans b ON s.side = 'sell' AND b.side = 'buy' AND s.since < b.until AND b.since < s.until GROUP BY s.id ORDER BY 1;
--> sale | gain
--> 3 | 560.0
--> 5 | 40.0

SELECT b.id AS lot, b.quantity - coalesce(sum(min(s.until, b.until) - max(s.since, b.since)), 0) AS rest FROM spans b LEFT JOIN spans s ON s.side = 'sell' AND s.since < b.until AND b.since < s.until WHERE b.side = 'buy' GROUP BY b.id ORDER BY 1;
--> lot | rest
--> 1 | 0
--> 2 | 10
--> 4 | 30

SELECT id, sum(iif(side = 'buy', quantity, -quantity)) OVER (ORDER BY id) AS position FROM lots ORDER BY id;
--> id | position
--> 1 | 100
--> 2 | 150
--> 3 | 30
--> 4 | 60
--> 5 | 40

SELECT total(iif(side = 'buy', -1, 1) * quantity * price) AS cash, sum(iif(side = 'buy', 1, -1) * quantity) AS position FROM lots;
--> cash | position
--> 150.0 | 40

SELECT round(sum(quantity * price) / sum(quantity), 4) AS average FROM lots WHERE side = 'buy';
--> average
--> 10.7222

WITH RECURSIVE held (id, position, cost) AS (
  SELECT 0, 0, 0.0
  UNION ALL
  SELECT l.id, h.position + iif(l.side = 'buy', l.quantity, -l.quantity), iif(l.side = 'buy', h.cost + l.quantity * l.price, round(h.cost * (h.position - l.quantity) / h.position, 2)) FROM held h JOIN lots l ON l.id = h.id + 1
) SELECT id, position, cost, round(cost / nullif(position, 0), 4) AS average FROM held ORDER BY id;
--> id | position | cost | average
--> 0 | 0 | 0.0 | NULL
--> 1 | 100 | 1000.0 | 10.0
--> 2 | 150 | 1600.0 | 10.6667
--> 3 | 30 | 320.0 | 10.6667
--> 4 | 60 | 650.0 | 10.8333
--> 5 | 40 | 433.33 | 10.8332

INSERT INTO lots VALUES (6, 'sell', 100, 20);

SELECT min(id) AS first_short FROM (SELECT id, sum(iif(side = 'buy', quantity, -quantity)) OVER (ORDER BY id) AS position FROM lots) WHERE position < 0;
--> first_short
--> 6

SELECT side, count(*) AS n, sum(quantity) AS quantity, min(price) AS low, max(price) AS high FROM lots GROUP BY side ORDER BY side;
--> side | n | quantity | low | high
--> buy | 3 | 180 | 10.0 | 12.0
--> sell | 3 | 240 | 14.0 | 20.0
