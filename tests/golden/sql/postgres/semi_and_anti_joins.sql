-- EXISTS, IN and their NOTs where there are NULLs
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (x INTEGER);

CREATE TABLE b (y INTEGER);

INSERT INTO a VALUES (1), (2), (NULL);

INSERT INTO b VALUES (2), (NULL);

SELECT x FROM a WHERE x IN (SELECT y FROM b) ORDER BY x;
--> x
--> 2

SELECT x FROM a WHERE x NOT IN (SELECT y FROM b) ORDER BY x;
--> x

SELECT x FROM a WHERE x NOT IN (SELECT y FROM b WHERE y IS NOT NULL) ORDER BY x;
--> x
--> 1

SELECT x FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE y = x) ORDER BY x;
--> x
--> 1
--> NULL

SELECT x FROM a WHERE x NOT IN (SELECT y FROM b WHERE false) ORDER BY x;
--> x
--> 1
--> 2
--> NULL

SELECT x, x IN (SELECT y FROM b) AS found FROM a ORDER BY x;
--> x | found
--> 1 | NULL
--> 2 | t
--> NULL | NULL

SELECT x, x = ANY (SELECT y FROM b) AS any, x <> ALL (SELECT y FROM b) AS every FROM a ORDER BY x;
--> x | any | every
--> 1 | NULL | NULL
--> 2 | t | f
--> NULL | NULL | NULL

SELECT x FROM a WHERE (x, x) IN (SELECT y, y FROM b);
--> x
--> 2

SELECT x FROM a WHERE x IN (SELECT y, y FROM b);
--! 42601: subquery has too many columns

SELECT x FROM a WHERE EXISTS (SELECT FROM b) ORDER BY x;
--> x
--> 1
--> 2
--> NULL

SELECT x IN (1, NULL) AS l, x NOT IN (1, NULL) AS n FROM a ORDER BY x;
--> l | n
--> t | f
--> NULL | NULL
--> NULL | NULL
