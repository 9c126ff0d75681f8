-- LIMIT and FETCH
-- oracle: postgres
-- chapter: queries

SELECT x FROM (VALUES (1), (2), (2), (3)) AS v(x) ORDER BY x FETCH FIRST 2 ROWS ONLY;
--> x
--> 1
--> 2

SELECT x FROM (VALUES (1), (2), (2), (3)) AS v(x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES;
--> x
--> 1
--> 2
--> 2

SELECT x FROM (VALUES (1), (2)) AS v(x) ORDER BY x LIMIT NULL OFFSET 1;
--> x
--> 2

SELECT x FROM (VALUES (1), (2)) AS v(x) LIMIT -1;
--! 2201W: LIMIT must not be negative
