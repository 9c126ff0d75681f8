-- USING: several columns, types, an alias
-- oracle: postgres
-- chapter: queries

CREATE TABLE l (k INTEGER, d TEXT, a INTEGER);

CREATE TABLE r (k BIGINT, d TEXT, b INTEGER);

INSERT INTO l VALUES (1, 'x', 10), (2, 'y', 20), (3, 'z', 30);

INSERT INTO r VALUES (1, 'x', 100), (2, 'q', 200), (4, 'z', 400);

SELECT * FROM l JOIN r USING (k, d);
--> k | d | a | b
--> 1 | x | 10 | 100

SELECT * FROM l JOIN r USING (k) ORDER BY k;
--> k | d | a | d | b
--> 1 | x | 10 | x | 100
--> 2 | y | 20 | q | 200

SELECT l.*, r.* FROM l JOIN r USING (k) ORDER BY l.k;
--> k | d | a | k | d | b
--> 1 | x | 10 | 1 | x | 100
--> 2 | y | 20 | 2 | q | 200

SELECT k, pg_typeof(k) FROM l JOIN r USING (k) ORDER BY k;
--> k | pg_typeof
--> 1 | bigint
--> 2 | bigint

SELECT j.k FROM l JOIN r USING (k) AS j ORDER BY j.k;
--> k
--> 1
--> 2

SELECT j.a FROM l JOIN r USING (k) AS j;
--! 42703: column j.a does not exist

SELECT k FROM l RIGHT JOIN r USING (k) ORDER BY k;
--> k
--> 1
--> 2
--> 4

SELECT k, d FROM l FULL JOIN r USING (k, d) ORDER BY k, d;
--> k | d
--> 1 | x
--> 2 | q
--> 2 | y
--> 3 | z
--> 4 | z

SELECT d FROM l JOIN r USING (k);
--! 42702: column reference "d" is ambiguous

SELECT * FROM l JOIN r USING (a);
--! 42703: column "a" specified in USING clause does not exist in right table

SELECT k FROM l JOIN r USING (k) JOIN l AS m USING (k) ORDER BY k;
--> k
--> 1
--> 2
