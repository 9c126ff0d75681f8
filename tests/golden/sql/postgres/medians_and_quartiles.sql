-- Medians, quartiles and modes of groups, of ties, of NULLs, of nothing
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE prices (symbol TEXT, price NUMERIC, weight INTEGER);

INSERT INTO prices VALUES ('A', 1, 1), ('A', 2, 1), ('A', 4, 1), ('A', 9, 7), ('B', 5, 2), ('B', 5, 2), ('B', NULL, 3), ('C', NULL, 1);

SELECT symbol, percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS cont, percentile_disc(0.5) WITHIN GROUP (ORDER BY price) AS disc FROM prices GROUP BY symbol ORDER BY symbol;
--> symbol | cont | disc
--> A | 3 | 2
--> B | 5 | 5
--> C | NULL | NULL

SELECT symbol, percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY price) AS quartiles FROM prices GROUP BY symbol ORDER BY symbol;
--> symbol | quartiles
--> A | {1.75,3,5.25}
--> B | {5,5,5}
--> C | NULL

SELECT symbol, percentile_disc(ARRAY[0, 0.5, 1]) WITHIN GROUP (ORDER BY price) AS ends FROM prices GROUP BY symbol ORDER BY symbol;
--> symbol | ends
--> A | {1,2,9}
--> B | {5,5,5}
--> C | NULL

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price DESC) AS down, percentile_disc(0.5) WITHIN GROUP (ORDER BY price DESC) AS disc FROM prices WHERE symbol = 'A';
--> down | disc
--> 3 | 4

SELECT symbol, mode() WITHIN GROUP (ORDER BY price) AS mode FROM prices GROUP BY symbol ORDER BY symbol;
--> symbol | mode
--> A | 1
--> B | 5
--> C | NULL

SELECT percentile_cont(1.5) WITHIN GROUP (ORDER BY price) FROM prices;
--! 22003: percentile value 1.5 is not between 0 and 1

SELECT percentile_cont(NULL) WITHIN GROUP (ORDER BY price) AS nothing FROM prices;
--> nothing
--> NULL

SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY symbol) AS text FROM prices;
--> text
--> A

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY symbol) FROM prices;
--! 42883: function percentile_cont(numeric, text) does not exist

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FILTER (WHERE price > 1) AS filtered FROM prices;
--> filtered
--> 5

SELECT symbol, avg(price) AS median FROM (SELECT symbol, price, row_number() OVER (PARTITION BY symbol ORDER BY price) AS n, count(*) OVER (PARTITION BY symbol) AS c FROM prices WHERE price IS NOT NULL) p WHERE n IN ((c + 1) / 2, (c + 2) / 2) GROUP BY symbol ORDER BY symbol;
--> symbol | median
--> A | 3.0000000000000000
--> B | 5.0000000000000000

SELECT min(price) AS weighted FROM (SELECT price, sum(weight) OVER (ORDER BY price) AS w, sum(weight) OVER () AS total FROM prices WHERE symbol = 'A') p WHERE 2 * w >= total;
--> weighted
--> 9

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d) AS days FROM (VALUES (interval '1 day'), ('3 days'), ('10 days'), ('2 days')) v(d);
--> days
--> 2 days 12:00:00

SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY d) AS day FROM (VALUES (date '2024-01-01'), ('2024-01-05'), ('2024-02-01')) v(d);
--> day
--> 2024-01-05

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price) OVER () FROM prices;
--! 0A000: OVER is not supported for ordered-set aggregate percentile_cont
--~! 42883: function percentile_cont(numeric) does not exist
