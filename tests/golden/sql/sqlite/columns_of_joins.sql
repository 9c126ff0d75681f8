-- What * is in joins with USING, NATURAL and several tables: which columns, in which order
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (x INTEGER, k INTEGER, y TEXT);

CREATE TABLE b (z TEXT, k INTEGER, y TEXT);

CREATE TABLE c (k INTEGER, w TEXT);

INSERT INTO a VALUES (1, 10, 'ay'), (2, 20, 'same'), (3, NULL, 'an');

INSERT INTO b VALUES ('bz', 10, 'by'), ('bs', 20, 'same'), ('bn', 30, 'bn');

INSERT INTO c VALUES (10, 'cw'), (40, 'c4');

SELECT * FROM a JOIN b USING (k) ORDER BY x;
--> x | k | y | z | y
--> 1 | 10 | ay | bz | by
--> 2 | 20 | same | bs | same

SELECT * FROM b JOIN a USING (k) ORDER BY x;
--> z | k | y | x | y
--> bz | 10 | by | 1 | ay
--> bs | 20 | same | 2 | same

SELECT * FROM a LEFT JOIN b USING (k) ORDER BY x;
--> x | k | y | z | y
--> 1 | 10 | ay | bz | by
--> 2 | 20 | same | bs | same
--> 3 | NULL | an | NULL | NULL

SELECT * FROM a RIGHT JOIN b USING (k) ORDER BY z;
--> x | k | y | z | y
--> NULL | 30 | NULL | bn | bn
--> 2 | 20 | same | bs | same
--> 1 | 10 | ay | bz | by

SELECT * FROM a FULL JOIN b USING (k) ORDER BY x, z;
--> x | k | y | z | y
--> NULL | 30 | NULL | bn | bn
--> 1 | 10 | ay | bz | by
--> 2 | 20 | same | bs | same
--> 3 | NULL | an | NULL | NULL

SELECT * FROM a NATURAL JOIN b;
--> x | k | y | z
--> 2 | 20 | same | bs

SELECT * FROM a NATURAL LEFT JOIN b ORDER BY x;
--> x | k | y | z
--> 1 | 10 | ay | NULL
--> 2 | 20 | same | bs
--> 3 | NULL | an | NULL

SELECT * FROM a JOIN b USING (k, y);
--> x | k | y | z
--> 2 | 20 | same | bs

SELECT * FROM a JOIN b USING (y, k);
--> x | k | y | z
--> 2 | 20 | same | bs

SELECT * FROM a JOIN b ON a.k = b.k ORDER BY x;
--> x | k | y | z | k | y
--> 1 | 10 | ay | bz | 10 | by
--> 2 | 20 | same | bs | 20 | same

SELECT a.*, b.* FROM a JOIN b USING (k) ORDER BY x;
--> x | k | y | z | k | y
--> 1 | 10 | ay | bz | 10 | by
--> 2 | 20 | same | bs | 20 | same

SELECT b.*, x FROM a JOIN b USING (k) ORDER BY x;
--> z | k | y | x
--> bz | 10 | by | 1
--> bs | 20 | same | 2

SELECT k, a.k AS left_k, b.k AS right_k FROM a LEFT JOIN b USING (k) ORDER BY x;
--> k | left_k | right_k
--> 10 | 10 | 10
--> 20 | 20 | 20
--> NULL | NULL | NULL

SELECT k, a.k AS left_k, b.k AS right_k FROM a RIGHT JOIN b USING (k) ORDER BY z;
--> k | left_k | right_k
--> 30 | NULL | 30
--> 20 | 20 | 20
--> 10 | 10 | 10

SELECT * FROM a JOIN b USING (k) JOIN c USING (k);
--> x | k | y | z | y | w
--> 1 | 10 | ay | bz | by | cw

SELECT * FROM a LEFT JOIN b USING (k) LEFT JOIN c USING (k) ORDER BY x;
--> x | k | y | z | y | w
--> 1 | 10 | ay | bz | by | cw
--> 2 | 20 | same | bs | same | NULL
--> 3 | NULL | an | NULL | NULL | NULL

SELECT * FROM c JOIN a USING (k) JOIN b USING (k);
--> k | w | x | y | z | y
--> 10 | cw | 1 | ay | bz | by

SELECT * FROM (SELECT * FROM a JOIN b USING (k)) ORDER BY x;
--> x | k | y | z | y:1
--> 1 | 10 | ay | bz | by
--> 2 | 20 | same | bs | same

SELECT *, 1 AS one FROM a JOIN c USING (k);
--> x | k | y | w | one
--> 1 | 10 | ay | cw | 1

SELECT y FROM a JOIN b USING (k);
--! ambiguous column name: y

SELECT * FROM a JOIN c USING (x);
--! cannot join using column x - column not present in both tables

CREATE TABLE made AS SELECT * FROM a JOIN c USING (k);

SELECT name FROM pragma_table_info('made') ORDER BY cid;
--> name
--> x
--> k
--> y
--> w

CREATE VIEW v AS SELECT * FROM a NATURAL JOIN c;

SELECT * FROM v;
--> x | k | y | w
--> 1 | 10 | ay | cw
