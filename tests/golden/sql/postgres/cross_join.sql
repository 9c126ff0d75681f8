-- CROSS JOIN and the comma
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (x INTEGER);

CREATE TABLE b (y INTEGER);

INSERT INTO a VALUES (1), (2);

INSERT INTO b VALUES (10), (20);

SELECT * FROM a CROSS JOIN b ORDER BY x, y;
--> x | y
--> 1 | 10
--> 1 | 20
--> 2 | 10
--> 2 | 20

SELECT * FROM a, b WHERE x * 10 = y ORDER BY x;
--> x | y
--> 1 | 10
--> 2 | 20

SELECT a.x, b.y, c.x FROM a, b CROSS JOIN a AS c WHERE a.x = c.x AND y = 10 ORDER BY 1;
--> x | y | x
--> 1 | 10 | 1
--> 2 | 10 | 2

SELECT * FROM a, b JOIN a AS c ON a.x = c.x;
--! 42P01: invalid reference to FROM-clause entry for table "a"

SELECT count(*) FROM a CROSS JOIN b WHERE false;
--> count
--> 0

SELECT * FROM a CROSS JOIN b ON true;
--! 42601: syntax error at or near "ON"

SELECT * FROM a JOIN b;
--! 42601: syntax error at or near ";"
--~> x | y
--~> 1 | 10
--~> 1 | 20
--~> 2 | 10
--~> 2 | 20

SELECT * FROM a INNER JOIN b ON x = 1 ORDER BY y;
--> x | y
--> 1 | 10
--> 1 | 20
