-- Compounds are combined from left to right, INTERSECT too
-- oracle: sqlite
-- chapter: queries

SELECT 1 AS n UNION ALL SELECT 2 INTERSECT SELECT 2;
--> n
--> 2

SELECT 1 AS n UNION SELECT 2 EXCEPT SELECT 2 INTERSECT SELECT 1 ORDER BY 1;
--> n
--> 1

SELECT 1 AS n INTERSECT SELECT 1 UNION ALL SELECT 3 INTERSECT SELECT 3;
--> n
--> 3
