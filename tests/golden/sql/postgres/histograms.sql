-- Histograms: buckets of equal width, of own bounds, of equal counts
-- oracle: postgres
-- chapter: queries

CREATE TABLE trades (id INTEGER, price NUMERIC);

INSERT INTO trades VALUES (1, 9.5), (2, 10), (3, 10.2), (4, 11.9), (5, 12), (6, 14.99), (7, 15), (8, 20), (9, NULL);

SELECT width_bucket(price, 10, 15, 5) AS bucket, count(*) AS n, min(price), max(price) FROM trades GROUP BY 1 ORDER BY 1;
--> bucket | n | min | max
--> 0 | 1 | 9.5 | 9.5
--> 1 | 2 | 10 | 10.2
--> 2 | 1 | 11.9 | 11.9
--> 3 | 1 | 12 | 12
--> 5 | 1 | 14.99 | 14.99
--> 6 | 2 | 15 | 20
--> NULL | 1 | NULL | NULL

SELECT b AS bucket, 9 + b AS since, count(price) AS n, repeat('*', count(price)::integer) AS bar FROM generate_series(0, 6) AS b LEFT JOIN trades ON width_bucket(price, 10, 15, 5) = b GROUP BY b ORDER BY b;
--> bucket | since | n | bar
--> 0 | 9 | 1 | *
--> 1 | 10 | 2 | **
--> 2 | 11 | 1 | *
--> 3 | 12 | 1 | *
--> 4 | 13 | 0 |
--> 5 | 14 | 1 | *
--> 6 | 15 | 2 | **

SELECT width_bucket(price, ARRAY[0, 10, 12, 15]) AS own, count(*) AS n FROM trades WHERE price IS NOT NULL GROUP BY 1 ORDER BY 1;
--> own | n
--> 1 | 1
--> 2 | 3
--> 3 | 2
--> 4 | 2

SELECT floor(price / 2) * 2 AS since, count(*) AS n, sum(count(*)) OVER (ORDER BY floor(price / 2) * 2) AS so_far FROM trades GROUP BY 1 ORDER BY 1;
--> since | n | so_far
--> 8 | 1 | 1
--> 10 | 3 | 4
--> 12 | 1 | 5
--> 14 | 2 | 7
--> 20 | 1 | 8
--> NULL | 1 | 9

SELECT quarter, count(*) AS n, min(price), max(price) FROM (SELECT price, ntile(4) OVER (ORDER BY price) AS quarter FROM trades WHERE price IS NOT NULL) q GROUP BY quarter ORDER BY quarter;
--> quarter | n | min | max
--> 1 | 2 | 9.5 | 10
--> 2 | 2 | 10.2 | 11.9
--> 3 | 2 | 12 | 14.99
--> 4 | 2 | 15 | 20

SELECT width_bucket(price, 15, 10, 5) AS downwards, count(*) AS n FROM trades WHERE price IS NOT NULL GROUP BY 1 ORDER BY 1;
--> downwards | n
--> 0 | 1
--> 1 | 2
--> 4 | 2
--> 5 | 1
--> 6 | 2

SELECT width_bucket(5, 10, 10, 3);
--! 2201G: lower bound cannot equal upper bound

SELECT width_bucket(5, 0, 10, 0);
--! 2201G: count must be greater than zero

SELECT width_bucket(5.0::float8, 0, 10, 4) AS of_float, width_bucket('NaN'::float8, 0, 10, 4);
--! 2201G: operand, lower bound, and upper bound cannot be NaN

SELECT CASE WHEN price < 10 THEN 'low' WHEN price < 15 THEN 'middle' WHEN price IS NULL THEN 'none' ELSE 'high' END AS band, count(*) AS n FROM trades GROUP BY band ORDER BY min(price);
--> band | n
--> low | 1
--> middle | 5
--> high | 2
--> none | 1

SELECT log(10, price)::integer AS magnitude, count(*) AS n FROM trades WHERE price > 0 GROUP BY 1 ORDER BY 1;
--> magnitude | n
--> 1 | 8

WITH bounds AS (SELECT min(price) AS low, max(price) AS high FROM trades) SELECT least(width_bucket(price, low, high, 3), 3) AS third, count(*) AS n FROM trades, bounds WHERE price IS NOT NULL GROUP BY 1 ORDER BY 1;
--> third | n
--> 1 | 5
--> 2 | 2
--> 3 | 1

SELECT mode() WITHIN GROUP (ORDER BY floor(price)) AS mode, percentile_disc(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY price) AS quartiles FROM trades;
--> mode | quartiles
--> 10 | {10,11.9,14.99}
