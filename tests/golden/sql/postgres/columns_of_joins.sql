-- What * is in joins with USING, NATURAL and several tables: which columns, in which order
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (x INTEGER, k INTEGER, y TEXT);

CREATE TABLE b (z TEXT, k INTEGER, y TEXT);

CREATE TABLE c (k INTEGER, w TEXT);

INSERT INTO a VALUES (1, 10, 'ay'), (2, 20, 'same'), (3, NULL, 'an');

INSERT INTO b VALUES ('bz', 10, 'by'), ('bs', 20, 'same'), ('bn', 30, 'bn');

INSERT INTO c VALUES (10, 'cw'), (40, 'c4');

SELECT * FROM a JOIN b USING (k) ORDER BY x;
--> k | x | y | z | y
--> 10 | 1 | ay | bz | by
--> 20 | 2 | same | bs | same

SELECT * FROM b JOIN a USING (k) ORDER BY x;
--> k | z | y | x | y
--> 10 | bz | by | 1 | ay
--> 20 | bs | same | 2 | same

SELECT * FROM a LEFT JOIN b USING (k) ORDER BY x;
--> k | x | y | z | y
--> 10 | 1 | ay | bz | by
--> 20 | 2 | same | bs | same
--> NULL | 3 | an | NULL | NULL

SELECT * FROM a RIGHT JOIN b USING (k) ORDER BY z;
--> k | x | y | z | y
--> 30 | NULL | NULL | bn | bn
--> 20 | 2 | same | bs | same
--> 10 | 1 | ay | bz | by

SELECT * FROM a FULL JOIN b USING (k) ORDER BY x, z;
--> k | x | y | z | y
--> 10 | 1 | ay | bz | by
--> 20 | 2 | same | bs | same
--> NULL | 3 | an | NULL | NULL
--> 30 | NULL | NULL | bn | bn

SELECT * FROM a NATURAL JOIN b;
--> k | y | x | z
--> 20 | same | 2 | bs

SELECT * FROM a NATURAL LEFT JOIN b ORDER BY x;
--> k | y | x | z
--> 10 | ay | 1 | NULL
--> 20 | same | 2 | bs
--> NULL | an | 3 | NULL

SELECT * FROM a JOIN b USING (k, y);
--> k | y | x | z
--> 20 | same | 2 | bs

SELECT * FROM a JOIN b USING (y, k);
--> y | k | x | z
--> same | 20 | 2 | bs

SELECT * FROM a JOIN b ON a.k = b.k ORDER BY x;
--> x | k | y | z | k | y
--> 1 | 10 | ay | bz | 10 | by
--> 2 | 20 | same | bs | 20 | same

SELECT a.*, b.* FROM a JOIN b USING (k) ORDER BY x;
--> x | k | y | z | k | y
--> 1 | 10 | ay | bz | 10 | by
--> 2 | 20 | same | bs | 20 | same

SELECT k, a.k AS left_k, b.k AS right_k FROM a LEFT JOIN b USING (k) ORDER BY x;
--> k | left_k | right_k
--> 10 | 10 | 10
--> 20 | 20 | 20
--> NULL | NULL | NULL

SELECT k, a.k AS left_k, b.k AS right_k FROM a FULL JOIN b USING (k) ORDER BY x, z;
--> k | left_k | right_k
--> 10 | 10 | 10
--> 20 | 20 | 20
--> NULL | NULL | NULL
--> 30 | NULL | 30

SELECT * FROM a JOIN b USING (k) JOIN c USING (k);
--> k | x | y | z | y | w
--> 10 | 1 | ay | bz | by | cw

SELECT * FROM a LEFT JOIN b USING (k) LEFT JOIN c USING (k) ORDER BY x;
--> k | x | y | z | y | w
--> 10 | 1 | ay | bz | by | cw
--> 20 | 2 | same | bs | same | NULL
--> NULL | 3 | an | NULL | NULL | NULL

SELECT * FROM (SELECT * FROM a JOIN c USING (k)) AS s;
--> k | x | y | w
--> 10 | 1 | ay | cw

SELECT *, 1 AS one FROM a JOIN c USING (k);
--> k | x | y | w | one
--> 10 | 1 | ay | cw | 1

SELECT y FROM a JOIN b USING (k);
--! 42702: column reference "y" is ambiguous

SELECT * FROM a JOIN c USING (x);
--! 42703: column "x" specified in USING clause does not exist in right table

SELECT * FROM (SELECT * FROM a JOIN b USING (k)) AS s;
--> k | x | y | z | y
--> 10 | 1 | ay | bz | by
--> 20 | 2 | same | bs | same

SELECT s.y FROM (SELECT * FROM a JOIN b USING (k)) AS s;
--! 42702: column reference "y" is ambiguous

CREATE TABLE made AS SELECT * FROM a JOIN c USING (k);

SELECT column_name FROM information_schema.columns WHERE table_name = 'made' AND table_schema = current_schema() ORDER BY ordinal_position;
--> column_name
--> k
--> x
--> y
--> w

CREATE TABLE twice AS SELECT * FROM a JOIN b USING (k);
--! 42701: column "y" specified more than once

CREATE VIEW v AS SELECT * FROM a NATURAL JOIN c;

SELECT * FROM v;
--> k | x | y | w
--> 10 | 1 | ay | cw

SELECT * FROM a, b WHERE a.k = b.k ORDER BY x;
--> x | k | y | z | k | y
--> 1 | 10 | ay | bz | 10 | by
--> 2 | 20 | same | bs | 20 | same

SELECT * FROM a CROSS JOIN c WHERE a.k = c.k;
--> x | k | y | k | w
--> 1 | 10 | ay | 10 | cw
