-- In set operations one NULL is like another
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (x INTEGER, y TEXT);

CREATE TABLE b (x INTEGER, y TEXT);

INSERT INTO a VALUES (1, 'p'), (NULL, 'p'), (NULL, NULL), (NULL, NULL), (2, NULL);

INSERT INTO b VALUES (NULL, NULL), (1, 'p'), (1, 'p'), (2, 'q');

SELECT * FROM a UNION SELECT * FROM b ORDER BY 1, 2;
--> x | y
--> 1 | p
--> 2 | q
--> 2 | NULL
--> NULL | p
--> NULL | NULL

SELECT * FROM a UNION ALL SELECT * FROM b ORDER BY 1, 2;
--> x | y
--> 1 | p
--> 1 | p
--> 1 | p
--> 2 | q
--> 2 | NULL
--> NULL | p
--> NULL | NULL
--> NULL | NULL
--> NULL | NULL

SELECT * FROM a INTERSECT SELECT * FROM b ORDER BY 1, 2;
--> x | y
--> 1 | p
--> NULL | NULL

SELECT * FROM a INTERSECT ALL SELECT * FROM b ORDER BY 1, 2;
--> x | y
--> 1 | p
--> NULL | NULL

SELECT * FROM a EXCEPT SELECT * FROM b ORDER BY 1, 2;
--> x | y
--> 2 | NULL
--> NULL | p

SELECT * FROM a EXCEPT ALL SELECT * FROM b ORDER BY 1, 2;
--> x | y
--> 2 | NULL
--> NULL | p
--> NULL | NULL

SELECT * FROM b EXCEPT ALL SELECT * FROM a ORDER BY 1, 2;
--> x | y
--> 1 | p
--> 2 | q

SELECT x FROM a UNION SELECT NULL ORDER BY 1;
--> x
--> 1
--> 2
--> NULL

SELECT NULL AS n UNION SELECT NULL UNION ALL SELECT NULL;
--> n
--> NULL
--> NULL

SELECT x FROM a EXCEPT SELECT NULL ORDER BY 1;
--> x
--> 1
--> 2

SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b) d;
--> count
--> 2

(SELECT * FROM a EXCEPT ALL SELECT * FROM b) UNION ALL (SELECT * FROM b EXCEPT ALL SELECT * FROM a) ORDER BY 1, 2;
--> x | y
--> 1 | p
--> 2 | q
--> 2 | NULL
--> NULL | p
--> NULL | NULL

SELECT * FROM a NATURAL JOIN b;
--> x | y
--> 1 | p
--> 1 | p
