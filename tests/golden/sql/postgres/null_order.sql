-- NULLs come last upwards and first downwards
-- oracle: postgres
-- chapter: queries

SELECT x FROM (VALUES (2), (NULL), (1)) AS v(x) ORDER BY x;
--> x
--> 1
--> 2
--> NULL

SELECT x FROM (VALUES (2), (NULL), (1)) AS v(x) ORDER BY x DESC;
--> x
--> NULL
--> 2
--> 1
