-- UNION, INTERSECT and EXCEPT, once and ALL
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (x INTEGER);

CREATE TABLE b (x INTEGER);

INSERT INTO a VALUES (1), (2), (2), (NULL), (3);

INSERT INTO b VALUES (2), (3), (4), (NULL);

SELECT x FROM a UNION SELECT x FROM b ORDER BY x NULLS FIRST;
--> x
--> NULL
--> 1
--> 2
--> 3
--> 4

SELECT x FROM a UNION ALL SELECT x FROM b ORDER BY x NULLS FIRST;
--> x
--> NULL
--> NULL
--> 1
--> 2
--> 2
--> 2
--> 3
--> 3
--> 4

SELECT x FROM a INTERSECT SELECT x FROM b ORDER BY x NULLS FIRST;
--> x
--> NULL
--> 2
--> 3

SELECT x FROM a EXCEPT SELECT x FROM b ORDER BY x NULLS FIRST;
--> x
--> 1

SELECT 1 AS one UNION SELECT 2 ORDER BY one DESC;
--> one
--> 2
--> 1

SELECT x FROM a UNION SELECT x + 10 FROM b ORDER BY 1 DESC LIMIT 2;
--> x
--> 14
--> 13

SELECT x, x FROM a UNION SELECT x FROM b;
--! SELECTs to the left and right of UNION do not have the same number of result columns
