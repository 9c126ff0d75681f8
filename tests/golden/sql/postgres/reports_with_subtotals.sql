-- Reports by ROLLUP, CUBE and GROUPING SETS, with names for the sums
-- oracle: postgres
-- chapter: queries

CREATE TABLE sales (region TEXT, product TEXT, quarter INTEGER, amount INTEGER);

INSERT INTO sales VALUES ('n', 'x', 1, 10), ('n', 'x', 2, 20), ('n', 'y', 1, 5), ('s', 'x', 1, 7), ('s', 'y', 2, NULL), (NULL, 'x', 2, 3);

SELECT coalesce(region, CASE grouping(region) WHEN 1 THEN 'all' ELSE '?' END) AS region, sum(amount) AS amount FROM sales GROUP BY ROLLUP (region) ORDER BY grouping(region), 1;
--> region | amount
--> ? | 3
--> n | 35
--> s | 7
--> all | 45

SELECT region, product, sum(amount) AS amount, grouping(region, product) AS level FROM sales GROUP BY ROLLUP (region, product) ORDER BY level, region, product;
--> region | product | amount | level
--> n | x | 30 | 0
--> n | y | 5 | 0
--> s | x | 7 | 0
--> s | y | NULL | 0
--> NULL | x | 3 | 0
--> n | NULL | 35 | 1
--> s | NULL | 7 | 1
--> NULL | NULL | 3 | 1
--> NULL | NULL | 45 | 3

SELECT region, product, sum(amount) AS amount FROM sales GROUP BY CUBE (region, product) HAVING grouping(region, product) IN (1, 2) ORDER BY region, product;
--> region | product | amount
--> n | NULL | 35
--> s | NULL | 7
--> NULL | x | 40
--> NULL | y | 5
--> NULL | NULL | 3

SELECT region, quarter, count(*) AS n FROM sales GROUP BY GROUPING SETS ((region), (quarter), ()) ORDER BY grouping(region), grouping(quarter), region, quarter;
--> region | quarter | n
--> n | NULL | 3
--> s | NULL | 2
--> NULL | NULL | 1
--> NULL | 1 | 3
--> NULL | 2 | 3
--> NULL | NULL | 6

SELECT region, product, sum(amount) AS amount FROM sales GROUP BY region, ROLLUP (product) ORDER BY region, product;
--> region | product | amount
--> n | x | 30
--> n | y | 5
--> n | NULL | 35
--> s | x | 7
--> s | y | NULL
--> s | NULL | 7
--> NULL | x | 3
--> NULL | NULL | 3

SELECT grouping(product) AS is_sum, product, sum(amount) FILTER (WHERE quarter = 1) AS q1, sum(amount) FILTER (WHERE quarter = 2) AS q2, sum(amount) AS year FROM sales GROUP BY ROLLUP (product) ORDER BY 1, 2;
--> is_sum | product | q1 | q2 | year
--> 0 | x | 17 | 23 | 40
--> 0 | y | 5 | NULL | 5
--> 1 | NULL | 22 | 23 | 45

SELECT region, sum(amount) AS amount, round(100.0 * sum(amount) / sum(sum(amount)) FILTER (WHERE grouping(region) = 0) OVER (), 1) AS percent FROM sales GROUP BY ROLLUP (region) ORDER BY grouping(region), region;
--! 42803: grouping operations are not allowed in FILTER
--~> region | amount | percent
--~> n | 35 | 77.8
--~> s | 7 | 15.6
--~> NULL | 3 | 6.7
--~> NULL | 45 | 100.0

SELECT region, product, sum(amount) AS amount, rank() OVER (PARTITION BY grouping(region, product) ORDER BY sum(amount) DESC NULLS LAST) AS place FROM sales GROUP BY GROUPING SETS ((region), (product)) ORDER BY grouping(region), place, region;
--> region | product | amount | place
--> n | NULL | 35 | 1
--> s | NULL | 7 | 2
--> NULL | NULL | 3 | 3
--> NULL | x | 40 | 1
--> NULL | y | 5 | 2

SELECT quarter, product, max(amount) AS best FROM sales GROUP BY GROUPING SETS ((quarter, product), (quarter)) ORDER BY quarter, product NULLS FIRST;
--> quarter | product | best
--> 1 | NULL | 10
--> 1 | x | 10
--> 1 | y | 5
--> 2 | NULL | 20
--> 2 | x | 20
--> 2 | y | NULL

SELECT count(*) AS n FROM (SELECT 1 FROM sales GROUP BY CUBE (region, product, quarter)) c;
--> n
--> 28

SELECT sum(amount) AS amount FROM sales WHERE false GROUP BY ROLLUP (region);
--> amount
--> NULL

SELECT sum(amount) AS amount FROM sales WHERE false GROUP BY region;
--> amount

SELECT region FROM sales GROUP BY ROLLUP (product);
--! 42803: column "sales.region" must appear in the GROUP BY clause or be used in an aggregate function

SELECT grouping(amount) FROM sales GROUP BY region;
--! 42803: arguments to GROUPING must be grouping expressions of the associated query level

SELECT region || '/' || product AS both, sum(amount) FROM sales GROUP BY GROUPING SETS ((region, product), ()) ORDER BY 1, 2;
--> both | sum
--> n/x | 30
--> n/y | 5
--> s/x | 7
--> s/y | NULL
--> NULL | 3
--> NULL | 45
