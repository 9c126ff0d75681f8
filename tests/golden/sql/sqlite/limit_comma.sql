-- LIMIT with a comma, and negative ones
-- oracle: sqlite
-- chapter: queries

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6) SELECT i FROM n LIMIT 2, 3;
--> i
--> 3
--> 4
--> 5

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6) SELECT i FROM n LIMIT -1 OFFSET 4;
--> i
--> 5
--> 6
