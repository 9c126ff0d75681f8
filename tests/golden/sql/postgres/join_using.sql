-- USING and NATURAL merge the columns that they join by
-- oracle: postgres
-- chapter: queries

CREATE TABLE l (k INTEGER, a TEXT);

CREATE TABLE r (k INTEGER, b TEXT);

INSERT INTO l VALUES (1, 'l1'), (2, 'l2'), (NULL, 'l0');

INSERT INTO r VALUES (2, 'r2'), (3, 'r3'), (NULL, 'r0');

SELECT * FROM l JOIN r USING (k);
--> k | a | b
--> 2 | l2 | r2

SELECT * FROM l NATURAL JOIN r;
--> k | a | b
--> 2 | l2 | r2

SELECT * FROM l LEFT JOIN r USING (k) ORDER BY a;
--> k | a | b
--> NULL | l0 | NULL
--> 1 | l1 | NULL
--> 2 | l2 | r2

SELECT k, a, b FROM l FULL JOIN r USING (k) ORDER BY k NULLS FIRST, a NULLS FIRST;
--> k | a | b
--> NULL | NULL | r0
--> NULL | l0 | NULL
--> 1 | l1 | NULL
--> 2 | l2 | r2
--> 3 | NULL | r3

SELECT l.k, r.k FROM l LEFT JOIN r USING (k) ORDER BY l.a;
--> k | k
--> NULL | NULL
--> 1 | NULL
--> 2 | 2
