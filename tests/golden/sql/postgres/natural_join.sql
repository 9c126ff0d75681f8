-- NATURAL joins by all common names
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (id INTEGER, x INTEGER);

CREATE TABLE b (id INTEGER, y INTEGER);

CREATE TABLE c (z INTEGER);

INSERT INTO a VALUES (1, 10), (2, 20);

INSERT INTO b VALUES (2, 200), (3, 300);

INSERT INTO c VALUES (7);

SELECT * FROM a NATURAL JOIN b;
--> id | x | y
--> 2 | 20 | 200

SELECT * FROM a NATURAL LEFT JOIN b ORDER BY id;
--> id | x | y
--> 1 | 10 | NULL
--> 2 | 20 | 200

SELECT * FROM a NATURAL FULL JOIN b ORDER BY id;
--> id | x | y
--> 1 | 10 | NULL
--> 2 | 20 | 200
--> 3 | NULL | 300

SELECT * FROM a NATURAL JOIN c ORDER BY id;
--> id | x | z
--> 1 | 10 | 7
--> 2 | 20 | 7

SELECT count(*) FROM a NATURAL JOIN a AS again;
--> count
--> 2

SELECT * FROM a NATURAL JOIN b NATURAL JOIN c;
--> id | x | y | z
--> 2 | 20 | 200 | 7

SELECT * FROM a NATURAL JOIN b ON true;
--! 42601: syntax error at or near "ON"

SELECT * FROM a NATURAL CROSS JOIN b;
--! 42601: syntax error at or near "CROSS"
