-- Every join where keys are NULL, doubled, or on one side alone
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (k INTEGER, x TEXT);

CREATE TABLE b (k INTEGER, y TEXT);

INSERT INTO a VALUES (1, 'a1'), (1, 'a1b'), (2, 'a2'), (NULL, 'an'), (4, 'a4');

INSERT INTO b VALUES (1, 'b1'), (1, 'b1b'), (3, 'b3'), (NULL, 'bn');

SELECT x, y FROM a JOIN b ON a.k = b.k ORDER BY x, y;
--> x | y
--> a1 | b1
--> a1 | b1b
--> a1b | b1
--> a1b | b1b

SELECT x, y FROM a LEFT JOIN b ON a.k = b.k ORDER BY x, y;
--> x | y
--> a1 | b1
--> a1 | b1b
--> a1b | b1
--> a1b | b1b
--> a2 | NULL
--> a4 | NULL
--> an | NULL

SELECT x, y FROM a RIGHT JOIN b ON a.k = b.k ORDER BY x, y;
--> x | y
--> NULL | b3
--> NULL | bn
--> a1 | b1
--> a1 | b1b
--> a1b | b1
--> a1b | b1b

SELECT x, y FROM a FULL JOIN b ON a.k = b.k ORDER BY x, y;
--> x | y
--> NULL | b3
--> NULL | bn
--> a1 | b1
--> a1 | b1b
--> a1b | b1
--> a1b | b1b
--> a2 | NULL
--> a4 | NULL
--> an | NULL

SELECT x, y FROM a JOIN b ON a.k IS b.k WHERE a.k IS NULL ORDER BY x, y;
--> x | y
--> an | bn

SELECT k, x, y FROM a FULL JOIN b USING (k) ORDER BY k, x, y;
--> k | x | y
--> NULL | NULL | bn
--> NULL | an | NULL
--> 1 | a1 | b1
--> 1 | a1 | b1b
--> 1 | a1b | b1
--> 1 | a1b | b1b
--> 2 | a2 | NULL
--> 3 | NULL | b3
--> 4 | a4 | NULL

SELECT x FROM a WHERE k NOT IN (SELECT k FROM b) ORDER BY x;
--> x

SELECT x FROM a WHERE k NOT IN (SELECT k FROM b WHERE k IS NOT NULL) ORDER BY x;
--> x
--> a2
--> a4

SELECT x FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.k = a.k) ORDER BY x;
--> x
--> a2
--> a4
--> an

SELECT x FROM a LEFT JOIN b USING (k) WHERE b.y IS NULL ORDER BY x;
--> x
--> a2
--> a4
--> an

SELECT count(*) AS unequal FROM a JOIN b ON a.k <> b.k;
--> unequal
--> 8

SELECT x, y FROM a LEFT JOIN b ON a.k = b.k AND y = 'b1' WHERE a.k = 1 ORDER BY x;
--> x | y
--> a1 | b1
--> a1b | b1

SELECT x, y FROM a LEFT JOIN b ON a.k = b.k WHERE y = 'b1' ORDER BY x;
--> x | y
--> a1 | b1
--> a1b | b1

SELECT count(*) AS cross FROM a, b;
--> cross
--> 20

SELECT x, count(y) AS n FROM a LEFT JOIN b USING (k) GROUP BY x ORDER BY x;
--> x | n
--> a1 | 2
--> a1b | 2
--> a2 | 0
--> a4 | 0
--> an | 0
