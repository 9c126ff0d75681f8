-- Compound queries with ORDER BY, LIMIT, NULLs and kinds of values
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (x INTEGER);

CREATE TABLE b (x INTEGER);

INSERT INTO a VALUES (1), (2), (2), (NULL), (NULL), (5);

INSERT INTO b VALUES (2), (3), (NULL);

SELECT x FROM a UNION SELECT x FROM b ORDER BY x;
--> x
--> NULL
--> 1
--> 2
--> 3
--> 5

SELECT x FROM a UNION ALL SELECT x FROM b ORDER BY x DESC LIMIT 4 OFFSET 1;
--> x
--> 3
--> 2
--> 2
--> 2

SELECT x FROM a INTERSECT SELECT x FROM b ORDER BY x;
--> x
--> NULL
--> 2

SELECT x FROM a EXCEPT SELECT x FROM b ORDER BY x;
--> x
--> 1
--> 5

SELECT x FROM b EXCEPT SELECT x FROM a UNION SELECT 99 ORDER BY 1;
--> x
--> 3
--> 99

SELECT x FROM a LIMIT 1 UNION ALL SELECT x FROM b;
--! LIMIT clause should come after UNION ALL not before

SELECT x FROM a ORDER BY x UNION ALL SELECT x FROM b;
--! ORDER BY clause should come after UNION ALL not before

SELECT * FROM (SELECT x FROM a ORDER BY x DESC LIMIT 1) UNION ALL SELECT * FROM (SELECT x FROM b ORDER BY x DESC LIMIT 1) ORDER BY 1;
--> x
--> 3
--> 5

SELECT x AS p FROM a UNION SELECT x AS q FROM b ORDER BY p DESC LIMIT 1;
--> p
--> 5

SELECT x AS p FROM a UNION SELECT x AS q FROM b ORDER BY q LIMIT 1;
--> p
--> NULL
--~! 1st ORDER BY term does not match any column in the result set

SELECT x FROM a UNION SELECT x FROM b ORDER BY x + 1;
--! 1st ORDER BY term does not match any column in the result set

SELECT x FROM a UNION SELECT x FROM b ORDER BY 2;
--! 1st ORDER BY term out of range - should be between 1 and 1

SELECT x, 1 FROM a UNION SELECT x FROM b;
--! SELECTs to the left and right of UNION do not have the same number of result columns

SELECT 1 UNION SELECT '1' UNION SELECT 1.0 ORDER BY 1;
--> 1
--> 1.0
--> 1
--~> 1
--~> 1
--~> 1

SELECT 'a' AS w UNION SELECT 'A' ORDER BY w COLLATE NOCASE, 1;
--> w
--> A
--> a

VALUES (1), (2) UNION ALL VALUES (3) ORDER BY 1 DESC LIMIT 2;
--! near "ORDER": syntax error
--~> column1
--~> 3
--~> 2

SELECT count(*) FROM (SELECT x FROM a UNION ALL SELECT x FROM b);
--> count(*)
--> 9

SELECT x FROM a UNION ALL SELECT x FROM b LIMIT 0;
--> x

SELECT x FROM a WHERE x IN (SELECT 5 UNION SELECT 1) ORDER BY x;
--> x
--> 1
--> 5

WITH u AS (SELECT x FROM a UNION SELECT x FROM b) SELECT count(*), count(x), sum(x) FROM u;
--> count(*) | count(x) | sum(x)
--> 5 | 4 | 11
