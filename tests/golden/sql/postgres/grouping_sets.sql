-- GROUPING SETS, ROLLUP and CUBE
-- oracle: postgres
-- chapter: queries

CREATE TABLE s (region TEXT, symbol TEXT, n INTEGER);

INSERT INTO s VALUES ('EU', 'A', 1), ('EU', 'B', 2), ('US', 'A', 4);

SELECT region, symbol, sum(n) FROM s GROUP BY ROLLUP (region, symbol) ORDER BY region NULLS LAST, symbol NULLS LAST;
--> region | symbol | sum
--> EU | A | 1
--> EU | B | 2
--> EU | NULL | 3
--> US | A | 4
--> US | NULL | 4
--> NULL | NULL | 7

SELECT region, symbol, sum(n), grouping(region, symbol) FROM s GROUP BY CUBE (region, symbol) ORDER BY 4, 1, 2;
--> region | symbol | sum | grouping
--> EU | A | 1 | 0
--> EU | B | 2 | 0
--> US | A | 4 | 0
--> EU | NULL | 3 | 1
--> US | NULL | 4 | 1
--> NULL | A | 5 | 2
--> NULL | B | 2 | 2
--> NULL | NULL | 7 | 3

SELECT region, count(*) FROM s GROUP BY GROUPING SETS ((region), ()) ORDER BY region NULLS LAST;
--> region | count
--> EU | 2
--> US | 1
--> NULL | 3
