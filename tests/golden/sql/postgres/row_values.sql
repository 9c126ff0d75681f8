-- Rows are compared column by column
-- oracle: postgres
-- chapter: expressions

SELECT (1, 2) = (1, 2) AS a, (1, 2) < (1, 3) AS b, (1, NULL) = (2, 3) AS c, (1, NULL) = (1, 3) AS d;
--> a | b | c | d
--> t | t | f | NULL

SELECT ROW(1, 'a') AS r, (1, NULL) IS NULL AS some, ROW(NULL, NULL) IS NULL AS every;
--> r | some | every
--> (1,a) | f | t

SELECT 1 AS r WHERE (1, 'x') IN ((1, 'y'), (1, 'x'));
--> r
--> 1
