-- Joins of columns of different affinity, of texts with collations, of no affinity
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (i INTEGER, r REAL, x TEXT, b BLOB);

INSERT INTO a VALUES (1, 1.0, '1', '1'), (2, 2.5, '2.0', 2), (3, 3, 'c', x'33'), (NULL, NULL, NULL, NULL);

SELECT p.i, q.r FROM a p JOIN a q ON p.i = q.r ORDER BY p.i;
--> i | r
--> 1 | 1.0
--> 3 | 3.0

SELECT p.i, q.x FROM a p JOIN a q ON p.i = q.x ORDER BY p.i;
--> i | x
--> 1 | 1
--> 2 | 2.0

SELECT p.r, q.x FROM a p JOIN a q ON p.r = q.x ORDER BY p.r;
--> r | x
--> 1.0 | 1

SELECT p.i, quote(q.b) AS b FROM a p JOIN a q ON p.i = q.b ORDER BY p.i;
--> i | b
--> 1 | '1'
--> 2 | 2

SELECT p.x, quote(q.b) AS b FROM a p JOIN a q ON p.x = q.b ORDER BY p.x;
--> x | b
--> 1 | '1'

SELECT p.i FROM a p WHERE p.i IN (SELECT x FROM a) ORDER BY p.i;
--> i
--> 1
--> 2

SELECT p.x FROM a p WHERE p.x IN (SELECT i FROM a) ORDER BY p.x;
--> x
--> 1
--> 2.0

SELECT p.i FROM a p WHERE EXISTS (SELECT 1 FROM a q WHERE q.x = p.i) ORDER BY p.i;
--> i
--> 1
--> 2

SELECT p.i, q.x FROM a p LEFT JOIN a q ON q.x = p.i ORDER BY p.i;
--> i | x
--> NULL | NULL
--> 1 | 1
--> 2 | 2.0
--> 3 | NULL

SELECT i FROM a INTERSECT SELECT r FROM a ORDER BY 1;
--> i
--> NULL
--> 1
--> 3

SELECT i FROM a INTERSECT SELECT x FROM a ORDER BY 1;
--> i
--> NULL

SELECT x FROM a EXCEPT SELECT i FROM a ORDER BY 1;
--> x
--> 1
--> 2.0
--> c

SELECT count(*) AS n FROM (SELECT i FROM a UNION SELECT x FROM a);
--> n
--> 7

CREATE TABLE n (w TEXT COLLATE NOCASE);

CREATE TABLE m (w TEXT);

INSERT INTO n VALUES ('Ab'), ('cd');

INSERT INTO m VALUES ('ab'), ('CD'), ('AB');

SELECT n.w, m.w AS other FROM n JOIN m ON n.w = m.w ORDER BY 1, 2;
--> w | other
--> Ab | AB
--> Ab | ab
--> cd | CD

SELECT n.w, m.w AS other FROM n JOIN m ON m.w = n.w ORDER BY 1, 2;
--> w | other

SELECT w FROM n JOIN m USING (w) ORDER BY 1;
--> w
--> Ab
--> Ab
--> cd

SELECT w FROM m JOIN n USING (w) ORDER BY 1;
--> w

SELECT count(*) AS n FROM n NATURAL JOIN m;
--> n
--> 3

SELECT m.w FROM m WHERE m.w IN (SELECT w FROM n) ORDER BY 1;
--> w

SELECT n.w FROM n WHERE n.w IN (SELECT w FROM m) ORDER BY 1;
--> w
--> Ab
--> cd

SELECT w FROM n INTERSECT SELECT w FROM m;
--> w
--> Ab
--> cd

SELECT w FROM m UNION SELECT w FROM n ORDER BY w COLLATE BINARY;
--> w
--> AB
--> Ab
--> CD
--> ab
--> cd
