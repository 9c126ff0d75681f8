-- Relational division, pairs in common, the latest row of each
-- oracle: sqlite
-- chapter: queries

CREATE TABLE holds (trader TEXT, symbol TEXT, day TEXT);

CREATE TABLE wanted (symbol TEXT);

INSERT INTO holds VALUES ('ann', 'A', '01'), ('ann', 'B', '02'), ('ann', 'C', '03'), ('bob', 'A', '01'), ('bob', 'B', '04'), ('cyd', 'C', '02'), ('cyd', 'C', '05'), ('dan', NULL, '01');

INSERT INTO wanted VALUES ('A'), ('B');

SELECT DISTINCT trader FROM holds h WHERE NOT EXISTS (SELECT 1 FROM wanted w WHERE NOT EXISTS (SELECT 1 FROM holds x WHERE x.trader = h.trader AND x.symbol = w.symbol)) ORDER BY 1;
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

SELECT trader FROM holds GROUP BY trader HAVING max(symbol = 'A') AND max(symbol = 'B') ORDER BY trader;
--> trader
--> ann
--> bob

SELECT trader FROM holds GROUP BY trader HAVING min(symbol IN ('A', 'B')) = 1 ORDER BY trader;
--> trader
--> bob

SELECT trader, count(symbol) AS n, count(DISTINCT symbol) AS kinds FROM holds GROUP BY trader ORDER BY trader;
--> trader | n | kinds
--> ann | 3 | 3
--> bob | 2 | 2
--> cyd | 2 | 1
--> dan | 0 | 0

SELECT a.trader, b.trader AS like_it, count(*) AS common FROM holds a JOIN holds b ON a.symbol = b.symbol AND a.trader < b.trader GROUP BY 1, 2 HAVING common >= 2 ORDER BY 1, 2;
--> trader | like_it | common
--> ann | bob | 2
--> ann | cyd | 2

SELECT trader, symbol, max(day) AS day FROM holds GROUP BY trader ORDER BY trader;
--> trader | symbol | day
--> ann | C | 03
--> bob | B | 04
--> cyd | C | 05
--> dan | NULL | 01

SELECT trader, symbol, day FROM holds h WHERE day = (SELECT max(day) FROM holds x WHERE x.trader = h.trader) ORDER BY trader;
--> trader | symbol | day
--> ann | C | 03
--> bob | B | 04
--> cyd | C | 05
--> dan | NULL | 01

SELECT trader, symbol, day FROM (SELECT *, row_number() OVER (PARTITION BY trader ORDER BY day DESC) AS n FROM holds) WHERE n = 1 ORDER BY trader;
--> trader | symbol | day
--> ann | C | 03
--> bob | B | 04
--> cyd | C | 05
--> dan | NULL | 01

SELECT h.trader, h.symbol, h.day FROM holds h LEFT JOIN holds later ON later.trader = h.trader AND later.day > h.day WHERE later.trader IS NULL ORDER BY 1;
--> trader | symbol | day
--> ann | C | 03
--> bob | B | 04
--> cyd | C | 05
--> dan | NULL | 01

SELECT trader, symbol FROM holds WHERE (trader, day) IN (SELECT trader, min(day) FROM holds GROUP BY trader) ORDER BY 1;
--> trader | symbol
--> ann | A
--> bob | A
--> cyd | C
--> dan | NULL

DELETE FROM wanted;

SELECT count(DISTINCT trader) AS everybody FROM holds h WHERE NOT EXISTS (SELECT 1 FROM wanted w WHERE NOT EXISTS (SELECT 1 FROM holds x WHERE x.trader = h.trader AND x.symbol = w.symbol));
--> everybody
--> 4
