-- Those that have all: baskets that contain everything asked for
-- oracle: postgres
-- chapter: queries

CREATE TABLE holds (trader TEXT, symbol TEXT);

CREATE TABLE wanted (symbol TEXT);

INSERT INTO holds VALUES ('ann', 'A'), ('ann', 'B'), ('ann', 'C'), ('bob', 'A'), ('bob', 'B'), ('cyd', 'C'), ('cyd', 'C'), ('dan', NULL);

INSERT INTO wanted VALUES ('A'), ('B');

SELECT DISTINCT trader FROM holds h WHERE NOT EXISTS (SELECT FROM wanted w WHERE NOT EXISTS (SELECT FROM holds x WHERE x.trader = h.trader AND x.symbol = w.symbol)) ORDER BY 1;
--> trader
--> ann
--> bob

SELECT trader FROM holds JOIN wanted USING (symbol) GROUP BY trader HAVING count(DISTINCT symbol) = (SELECT count(*) FROM wanted) ORDER BY 1;
--> trader
--> ann
--> bob

SELECT DISTINCT trader FROM holds h WHERE NOT EXISTS (SELECT symbol FROM wanted EXCEPT SELECT symbol FROM holds x WHERE x.trader = h.trader) ORDER BY 1;
--> trader
--> ann
--> bob

SELECT trader FROM holds GROUP BY trader HAVING array_agg(symbol) @> ARRAY(SELECT symbol FROM wanted) ORDER BY 1;
--> trader
--> ann
--> bob

SELECT trader FROM holds GROUP BY trader HAVING bool_or(symbol = 'A') AND bool_or(symbol = 'B') ORDER BY 1;
--> trader
--> ann
--> bob

SELECT trader FROM holds GROUP BY trader HAVING count(*) FILTER (WHERE symbol IN (SELECT symbol FROM wanted)) = 2 AND count(*) = 2 ORDER BY 1;
--> trader
--> bob

SELECT trader FROM holds GROUP BY trader HAVING every(symbol IN ('A', 'B')) ORDER BY 1;
--> trader
--> bob

SELECT trader, count(symbol) AS n, count(DISTINCT symbol) AS kinds FROM holds GROUP BY trader ORDER BY 1;
--> trader | n | kinds
--> ann | 3 | 3
--> bob | 2 | 2
--> cyd | 2 | 1
--> dan | 0 | 0

DELETE FROM wanted;

SELECT DISTINCT trader FROM holds h WHERE NOT EXISTS (SELECT FROM wanted w WHERE NOT EXISTS (SELECT FROM holds x WHERE x.trader = h.trader AND x.symbol = w.symbol)) ORDER BY 1;
--> trader
--> ann
--> bob
--> cyd
--> dan

SELECT trader FROM holds JOIN wanted USING (symbol) GROUP BY trader HAVING count(DISTINCT symbol) = (SELECT count(*) FROM wanted) ORDER BY 1;
--> trader

SELECT a.trader, b.trader AS like_it FROM holds a JOIN holds b ON a.symbol = b.symbol AND a.trader < b.trader GROUP BY 1, 2 HAVING count(*) >= 2 ORDER BY 1, 2;
--> trader | like_it
--> ann | bob
--> ann | cyd
