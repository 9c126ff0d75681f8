-- TABLE is short for SELECT * FROM
-- oracle: postgres
-- chapter: queries

CREATE TABLE prices (symbol TEXT, price INTEGER);

INSERT INTO prices VALUES ('B', 2), ('A', 1);

TABLE prices ORDER BY symbol;
--> symbol | price
--> A | 1
--> B | 2

TABLE prices ORDER BY price DESC LIMIT 1;
--> symbol | price
--> B | 2

(TABLE prices) UNION ALL (TABLE prices) ORDER BY symbol;
--> symbol | price
--> A | 1
--> A | 1
--> B | 2
--> B | 2

SELECT (SELECT count(*) FROM (TABLE prices) AS p) AS n;
--> n
--> 2

WITH x AS (TABLE prices) TABLE x ORDER BY 1;
--> symbol | price
--> A | 1
--> B | 2

TABLE nowhere;
--! 42P01: relation "nowhere" does not exist
