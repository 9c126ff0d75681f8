-- VALUES is a query
-- oracle: postgres
-- chapter: queries

VALUES (1, 'a'), (2, 'b');
--> column1 | column2
--> 1 | a
--> 2 | b

SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS v ORDER BY 1;
--> column1 | column2
--> 1 | a
--> 2 | NULL

SELECT sum(v.x) FROM (SELECT 1 AS x UNION ALL SELECT 2) AS v;
--> sum
--> 3
