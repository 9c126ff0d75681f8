-- Scalar subqueries: none is NULL, two are an error
-- oracle: postgres
-- chapter: queries

CREATE TABLE q (symbol TEXT, price INTEGER);

INSERT INTO q VALUES ('A', 1), ('A', 3), ('B', 2);

SELECT (SELECT price FROM q WHERE symbol = 'B') AS one, (SELECT price FROM q WHERE symbol = 'Z') AS none;
--> one | none
--> 2 | NULL

SELECT (SELECT price FROM q WHERE symbol = 'A');
--! 21000: more than one row returned by a subquery used as an expression

SELECT (SELECT symbol, price FROM q LIMIT 1);
--! 42601: subquery must return only one column

SELECT symbol, price, price - (SELECT min(price) FROM q i WHERE i.symbol = o.symbol) AS over FROM q o ORDER BY 1, 2;
--> symbol | price | over
--> A | 1 | 0
--> A | 3 | 2
--> B | 2 | 0

SELECT symbol FROM q GROUP BY symbol HAVING max(price) > (SELECT avg(price) FROM q) ORDER BY 1;
--> symbol
--> A

SELECT (SELECT count(*) FROM q i WHERE i.price < o.price) AS below FROM q o ORDER BY 1;
--> below
--> 0
--> 1
--> 2

SELECT 1 + (SELECT 2) * (SELECT 3) AS sum;
--> sum
--> 7

SELECT symbol FROM q ORDER BY (SELECT -max(i.price) FROM q i WHERE i.symbol = q.symbol), price;
--> symbol
--> A
--> A
--> B

SELECT CASE WHEN price > 100 THEN (SELECT price FROM q) ELSE 0 END AS lazy FROM q;
--> lazy
--> 0
--> 0
--> 0

SELECT ARRAY(SELECT price FROM q ORDER BY price) AS a, ARRAY(SELECT price FROM q WHERE false) AS e;
--> a | e
--> {1,2,3} | {}
