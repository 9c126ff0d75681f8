-- Joins: ON, USING, NATURAL, and commas
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (id INTEGER, x TEXT);

CREATE TABLE b (id INTEGER, y TEXT);

INSERT INTO a VALUES (1, 'a1'), (2, 'a2'), (3, NULL);

INSERT INTO b VALUES (2, 'b2'), (3, 'b3'), (4, 'b4');

SELECT * FROM a JOIN b ON a.id = b.id ORDER BY 1;
--> id | x | id | y
--> 2 | a2 | 2 | b2
--> 3 | NULL | 3 | b3

SELECT * FROM a JOIN b USING (id) ORDER BY 1;
--> id | x | y
--> 2 | a2 | b2
--> 3 | NULL | b3

SELECT * FROM a NATURAL JOIN b ORDER BY 1;
--> id | x | y
--> 2 | a2 | b2
--> 3 | NULL | b3

SELECT * FROM a LEFT JOIN b USING (id) ORDER BY 1;
--> id | x | y
--> 1 | a1 | NULL
--> 2 | a2 | b2
--> 3 | NULL | b3

SELECT * FROM a RIGHT JOIN b USING (id) ORDER BY 1;
--> id | x | y
--> 2 | a2 | b2
--> 3 | NULL | b3
--> 4 | NULL | b4

SELECT * FROM a FULL OUTER JOIN b USING (id) ORDER BY id;
--> id | x | y
--> 1 | a1 | NULL
--> 2 | a2 | b2
--> 3 | NULL | b3
--> 4 | NULL | b4

SELECT count(*) FROM a, b;
--> count(*)
--> 9

SELECT count(*) FROM a JOIN b;
--> count(*)
--> 9

SELECT count(*) FROM a CROSS JOIN b ON a.id = b.id;
--> count(*)
--> 2

SELECT a.id FROM a INNER JOIN b WHERE a.id = b.id ORDER BY 1;
--> id
--> 2
--> 3

SELECT id FROM a JOIN b ON a.id = b.id;
--! ambiguous column name: id

SELECT id FROM a JOIN b USING (id) ORDER BY id;
--> id
--> 2
--> 3

SELECT a.id, b.id FROM a LEFT JOIN b ON a.id = b.id AND b.y = 'b2' ORDER BY 1;
--> id | id
--> 1 | NULL
--> 2 | 2
--> 3 | NULL

SELECT a.id, b.id FROM a LEFT JOIN b ON a.id = b.id WHERE b.y = 'b2' ORDER BY 1;
--> id | id
--> 2 | 2

SELECT * FROM a JOIN b USING (no_such);
--! cannot join using column no_such - column not present in both tables

SELECT * FROM a NATURAL JOIN b ON 1;
--! a NATURAL join may not have an ON or USING clause

SELECT a.id, b.id, c.id FROM a LEFT JOIN (b JOIN a AS c ON b.id = c.id) ON a.id = b.id ORDER BY 1;
--> id | id | id:1
--> 1 | NULL | NULL
--> 2 | 2 | 2
--> 3 | 3 | 3
--~> id | id | id
--~> 1 | NULL | NULL
--~> 2 | 2 | 2
--~> 3 | 3 | 3
