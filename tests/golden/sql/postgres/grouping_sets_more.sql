-- Grouping sets: combined, doubled, told apart
-- oracle: postgres
-- chapter: queries

CREATE TABLE sales (region TEXT, symbol TEXT, n INTEGER);

INSERT INTO sales VALUES ('EU', 'A', 1), ('EU', 'B', 2), ('US', 'A', 4), (NULL, 'A', 8);

SELECT region, grouping(region) AS g, sum(n) FROM sales GROUP BY ROLLUP (region) ORDER BY g, region;
--> region | g | sum
--> EU | 0 | 3
--> US | 0 | 4
--> NULL | 0 | 8
--> NULL | 1 | 15

SELECT region, symbol, sum(n) FROM sales GROUP BY GROUPING SETS ((region, symbol), (symbol), ()) ORDER BY 1, 2, 3;
--> region | symbol | sum
--> EU | A | 1
--> EU | B | 2
--> US | A | 4
--> NULL | A | 8
--> NULL | A | 13
--> NULL | B | 2
--> NULL | NULL | 15

SELECT region, symbol, sum(n) FROM sales GROUP BY region, ROLLUP (symbol) ORDER BY 1, 2, 3;
--> region | symbol | sum
--> EU | A | 1
--> EU | B | 2
--> EU | NULL | 3
--> US | A | 4
--> US | NULL | 4
--> NULL | A | 8
--> NULL | NULL | 8

SELECT region, symbol, sum(n) FROM sales GROUP BY ROLLUP (region), CUBE (symbol) ORDER BY 1, 2, 3;
--> region | symbol | sum
--> EU | A | 1
--> EU | B | 2
--> EU | NULL | 3
--> US | A | 4
--> US | NULL | 4
--> NULL | A | 8
--> NULL | A | 13
--> NULL | B | 2
--> NULL | NULL | 8
--> NULL | NULL | 15

SELECT sum(n) FROM sales GROUP BY GROUPING SETS ((), ()) ORDER BY 1;
--> sum
--> 15
--> 15

SELECT sum(n) FROM sales WHERE false GROUP BY GROUPING SETS ((region), ());
--> sum
--> NULL

SELECT region, sum(n) FROM sales GROUP BY ROLLUP (region) HAVING grouping(region) = 1 OR region = 'EU' ORDER BY 2;
--> region | sum
--> EU | 3
--> NULL | 15

SELECT grouping(region, symbol) AS bits, count(*) FROM sales GROUP BY CUBE (region, symbol) ORDER BY 1, 2;
--> bits | count
--> 0 | 1
--> 0 | 1
--> 0 | 1
--> 0 | 1
--> 1 | 1
--> 1 | 1
--> 1 | 2
--> 2 | 1
--> 2 | 3
--> 3 | 4

SELECT symbol FROM sales GROUP BY GROUPING SETS ((region));
--! 42803: column "sales.symbol" must appear in the GROUP BY clause or be used in an aggregate function

SELECT grouping(n) FROM sales GROUP BY region;
--! 42803: arguments to GROUPING must be grouping expressions of the associated query level

SELECT ((region, symbol)) IS NULL AS r, count(*) FROM sales GROUP BY ROLLUP ((region, symbol)) ORDER BY 2;
--> r | count
--> f | 1
--> f | 1
--> f | 1
--> f | 1
--> t | 4

SELECT region, sum(sum(n)) OVER () AS total FROM sales GROUP BY ROLLUP (region) ORDER BY 1;
--> region | total
--> EU | 30
--> US | 30
--> NULL | 30
--> NULL | 30
