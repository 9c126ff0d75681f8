-- Rows made columns, columns made rows, counts by buckets
-- oracle: sqlite
-- chapter: queries

CREATE TABLE volume (symbol TEXT, quarter INTEGER, amount INTEGER);

INSERT INTO volume VALUES ('A', 1, 10), ('A', 2, 20), ('A', 2, 5), ('A', 4, 40), ('B', 1, 7), ('B', 3, NULL);

SELECT symbol, sum(amount) FILTER (WHERE quarter = 1) AS q1, sum(amount) FILTER (WHERE quarter = 2) AS q2, sum(amount) FILTER (WHERE quarter = 3) AS q3, total(amount) FILTER (WHERE quarter = 4) AS q4 FROM volume GROUP BY symbol ORDER BY symbol;
--> symbol | q1 | q2 | q3 | q4
--> A | 10 | 25 | NULL | 40.0
--> B | 7 | NULL | NULL | 0.0

SELECT symbol, sum(iif(quarter <= 2, amount, 0)) AS first_half, sum((quarter > 2) * amount) AS second_half FROM volume GROUP BY symbol ORDER BY symbol;
--> symbol | first_half | second_half
--> A | 35 | 40
--> B | 7 | 0

SELECT symbol, json_group_object(quarter, amount) AS by_quarter FROM (SELECT symbol, quarter, sum(amount) AS amount FROM volume GROUP BY symbol, quarter ORDER BY quarter) GROUP BY symbol ORDER BY symbol;
--> symbol | by_quarter
--> A | {"1":10,"2":25,"4":40}
--> B | {"1":7,"3":null}

SELECT symbol, quarter, amount FROM volume UNION ALL SELECT symbol, 'sum', sum(amount) FROM volume GROUP BY symbol UNION ALL SELECT 'all', 'sum', sum(amount) FROM volume ORDER BY 1, 2, 3;
--> symbol | quarter | amount
--> A | 1 | 10
--> A | 2 | 5
--> A | 2 | 20
--> A | 4 | 40
--> A | sum | 75
--> B | 1 | 7
--> B | 3 | NULL
--> B | sum | 7
--> all | sum | 82

CREATE TABLE wide (symbol TEXT, open INTEGER, high INTEGER, low INTEGER);

INSERT INTO wide VALUES ('A', 5, 9, 4), ('B', 3, NULL, 1);

SELECT symbol, 'open' AS kind, open AS price FROM wide UNION ALL SELECT symbol, 'high', high FROM wide UNION ALL SELECT symbol, 'low', low FROM wide ORDER BY 1, 2;
--> symbol | kind | price
--> A | high | 9
--> A | low | 4
--> A | open | 5
--> B | high | NULL
--> B | low | 1
--> B | open | 3

SELECT symbol, column1 AS kind, CASE column1 WHEN 'open' THEN open WHEN 'high' THEN high ELSE low END AS price FROM wide, (VALUES ('open'), ('high'), ('low')) ORDER BY 1, 2;
--> symbol | kind | price
--> A | high | 9
--> A | low | 4
--> A | open | 5
--> B | high | NULL
--> B | low | 1
--> B | open | 3

SELECT symbol, key, value FROM wide, json_each(json_object('open', open, 'high', high, 'low', low)) ORDER BY 1, 2;
--> symbol | key | value
--> A | high | 9
--> A | low | 4
--> A | open | 5
--> B | high | NULL
--> B | low | 1
--> B | open | 3

SELECT symbol, max(open, high, low) AS strict_max, max(open, ifnull(high, 0), low) AS top FROM wide ORDER BY symbol;
--> symbol | strict_max | top
--> A | 9 | 9
--> B | NULL | 3

CREATE TABLE trades (price REAL);

INSERT INTO trades VALUES (9.5), (10), (10.2), (11.9), (12), (14.99), (15), (20), (NULL);

SELECT CAST(price / 2 AS INTEGER) * 2 AS since, count(*) AS n, substr('**********', 1, count(*)) AS bar FROM trades WHERE price IS NOT NULL GROUP BY 1 ORDER BY 1;
--> since | n | bar
--> 8 | 1 | *
--> 10 | 3 | ***
--> 12 | 1 | *
--> 14 | 2 | **
--> 20 | 1 | *

SELECT CASE WHEN price < 10 THEN 'low' WHEN price < 15 THEN 'middle' WHEN price IS NULL THEN 'none' ELSE 'high' END AS band, count(*) AS n FROM trades GROUP BY band ORDER BY min(price);
--> band | n
--> none | 1
--> low | 1
--> middle | 5
--> high | 2

WITH RECURSIVE b (since) AS (VALUES (8) UNION ALL SELECT since + 4 FROM b WHERE since < 20) SELECT since, count(price) AS n FROM b LEFT JOIN trades ON price >= since AND price < since + 4 GROUP BY since ORDER BY since;
--> since | n
--> 8 | 4
--> 12 | 3
--> 16 | 0
--> 20 | 1

SELECT quarter, count(*) AS n, min(price) AS low, max(price) AS high FROM (SELECT price, ntile(4) OVER (ORDER BY price) AS quarter FROM trades WHERE price IS NOT NULL) GROUP BY quarter ORDER BY quarter;
--> quarter | n | low | high
--> 1 | 2 | 9.5 | 10.0
--> 2 | 2 | 10.2 | 11.9
--> 3 | 2 | 12.0 | 14.99
--> 4 | 2 | 15.0 | 20.0

SELECT avg(price) AS median FROM (SELECT price, row_number() OVER (ORDER BY price) AS n, count(*) OVER () AS c FROM trades WHERE price IS NOT NULL) WHERE n IN ((c + 1) / 2, (c + 2) / 2);
--> median
--> 11.95
