-- UNION, INTERSECT and EXCEPT
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (x);

CREATE TABLE b (x);

INSERT INTO a VALUES (1), (1), (2), (NULL);

INSERT INTO b VALUES (2), (3), (NULL);

SELECT x FROM a UNION SELECT x FROM b ORDER BY x;
--> x
--> NULL
--> 1
--> 2
--> 3

SELECT x FROM a UNION ALL SELECT x FROM b ORDER BY x;
--> x
--> NULL
--> NULL
--> 1
--> 1
--> 2
--> 2
--> 3

SELECT x FROM a INTERSECT SELECT x FROM b ORDER BY x;
--> x
--> NULL
--> 2

SELECT x FROM a EXCEPT SELECT x FROM b ORDER BY x;
--> x
--> 1

SELECT 1 UNION SELECT 2 INTERSECT SELECT 2;
--> 1
--> 2

SELECT 1 AS n UNION SELECT '1' ORDER BY n;
--> n
--> 1
--> 1

SELECT 1 UNION SELECT 1.0;
--> 1
--> 1.0
--~> 1
--~> 1

SELECT 1, 2 UNION SELECT 3;
--! SELECTs to the left and right of UNION do not have the same number of result columns

SELECT x FROM a ORDER BY x UNION SELECT x FROM b;
--! ORDER BY clause should come after UNION not before

SELECT x FROM a LIMIT 1 UNION SELECT x FROM b;
--! LIMIT clause should come after UNION not before

SELECT x FROM a UNION SELECT x FROM b ORDER BY y;
--! 1st ORDER BY term does not match any column in the result set

SELECT x AS p FROM a UNION SELECT x AS q FROM b ORDER BY q LIMIT 2;
--> p
--> NULL
--> 1
--~! 1st ORDER BY term does not match any column in the result set

SELECT * FROM (SELECT x FROM a ORDER BY x LIMIT 1) UNION ALL SELECT 9 ORDER BY 1;
--> x
--> NULL
--> 9

SELECT x FROM a INTERSECT ALL SELECT x FROM b;
--! near "ALL": syntax error
