-- Joins of tables without rows
-- oracle: postgres
-- chapter: queries

CREATE TABLE nothing (x INTEGER, note TEXT);

CREATE TABLE filled (x INTEGER, word TEXT);

INSERT INTO filled VALUES (1, 'one'), (2, 'two');

SELECT * FROM filled JOIN nothing USING (x);
--> x | word | note

SELECT * FROM filled LEFT JOIN nothing USING (x) ORDER BY x;
--> x | word | note
--> 1 | one | NULL
--> 2 | two | NULL

SELECT * FROM nothing RIGHT JOIN filled USING (x) ORDER BY x;
--> x | note | word
--> 1 | NULL | one
--> 2 | NULL | two

SELECT * FROM nothing LEFT JOIN filled USING (x);
--> x | note | word

SELECT * FROM nothing FULL JOIN filled USING (x) ORDER BY x;
--> x | note | word
--> 1 | NULL | one
--> 2 | NULL | two

SELECT * FROM nothing CROSS JOIN filled;
--> x | note | x | word

SELECT * FROM nothing a FULL JOIN nothing b USING (x);
--> x | note | note

SELECT s.x, s.x IN (SELECT x FROM nothing) AS found, s.x NOT IN (SELECT x FROM nothing) AS missing FROM filled s ORDER BY x;
--> x | found | missing
--> 1 | f | t
--> 2 | f | t

SELECT s.x, s.x > ALL (SELECT x FROM nothing) AS every, s.x > ANY (SELECT x FROM nothing) AS any FROM filled s ORDER BY x;
--> x | every | any
--> 1 | t | f
--> 2 | t | f

SELECT s.x, (SELECT note FROM nothing) AS scalar, ARRAY(SELECT note FROM nothing) AS list FROM filled s ORDER BY x;
--> x | scalar | list
--> 1 | NULL | {}
--> 2 | NULL | {}

SELECT count(*), count(note), max(note) FROM filled LEFT JOIN nothing USING (x);
--> count | count | max
--> 2 | 0 | NULL

SELECT count(*), sum(f.x) FROM nothing, filled f;
--> count | sum
--> 0 | NULL

SELECT s.x, n.x AS nx FROM filled s LEFT JOIN nothing n ON true ORDER BY s.x;
--> x | nx
--> 1 | NULL
--> 2 | NULL

SELECT s.x, d.c FROM filled s LEFT JOIN LATERAL (SELECT count(*) AS c FROM nothing n WHERE n.x = s.x) d ON true ORDER BY s.x;
--> x | c
--> 1 | 0
--> 2 | 0
