-- Parentheses of joins
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (x INTEGER);

CREATE TABLE b (x INTEGER);

CREATE TABLE c (x INTEGER);

INSERT INTO a VALUES (1), (2), (3);

INSERT INTO b VALUES (2), (3);

INSERT INTO c VALUES (3), (4);

SELECT a.x, b.x, c.x FROM a LEFT JOIN (b JOIN c ON b.x = c.x) ON a.x = b.x ORDER BY a.x;
--> x | x | x
--> 1 | NULL | NULL
--> 2 | NULL | NULL
--> 3 | 3 | 3

SELECT a.x, b.x, c.x FROM (a LEFT JOIN b ON a.x = b.x) JOIN c ON b.x = c.x ORDER BY a.x;
--> x | x | x
--> 3 | 3 | 3

SELECT a.x, b.x, c.x FROM a LEFT JOIN b LEFT JOIN c ON b.x = c.x ON a.x = b.x ORDER BY a.x;
--> x | x | x
--> 1 | NULL | NULL
--> 2 | 2 | NULL
--> 3 | 3 | 3

SELECT a.x, b.x, c.x FROM a FULL JOIN b ON a.x = b.x FULL JOIN c ON b.x = c.x ORDER BY 1, 3;
--> x | x | x
--> 1 | NULL | NULL
--> 2 | 2 | NULL
--> 3 | 3 | 3
--> NULL | NULL | 4

SELECT a.x FROM a JOIN b ON a.x = b.x AND b.x = c.x JOIN c ON true;
--! 42P01: missing FROM-clause entry for table "c"

SELECT count(*) FROM (a CROSS JOIN b) CROSS JOIN c;
--> count
--> 12
