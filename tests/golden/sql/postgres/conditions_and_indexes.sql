-- The same rows with indexes and without: ranges, lists, prefixes, NULLs, several columns
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c NUMERIC);

INSERT INTO t SELECT n, nullif(n % 5, 4), chr(97 + n % 3) || n, n / 4.0 FROM generate_series(1, 12) AS n;

CREATE INDEX t_a ON t (a);

CREATE INDEX t_b ON t (b);

CREATE INDEX t_ac ON t (a, c DESC);

CREATE INDEX t_part ON t (c) WHERE a IS NOT NULL;

SELECT id FROM t WHERE a = 2 ORDER BY id;
--> id
--> 2
--> 7
--> 12

SELECT id FROM t WHERE a IS NULL ORDER BY id;
--> id
--> 4
--> 9

SELECT id FROM t WHERE a IN (0, 3, NULL) ORDER BY id;
--> id
--> 3
--> 5
--> 8
--> 10

SELECT id FROM t WHERE a = ANY ('{1,2}') AND c > 1 ORDER BY id;
--> id
--> 6
--> 7
--> 11
--> 12

SELECT id FROM t WHERE a BETWEEN 1 AND 2 AND c < 2 ORDER BY id;
--> id
--> 1
--> 2
--> 6
--> 7

SELECT id FROM t WHERE a = 1 AND c BETWEEN 0 AND 2 ORDER BY c DESC;
--> id
--> 6
--> 1

SELECT id FROM t WHERE a < 1 OR c > 2.9 ORDER BY id;
--> id
--> 5
--> 10
--> 12

SELECT id FROM t WHERE a <> 2 AND a IS NOT NULL AND c < 1.5 ORDER BY id;
--> id
--> 1
--> 3
--> 5

SELECT id FROM t WHERE b LIKE 'a%' ORDER BY b;
--> id
--> 12
--> 3
--> 6
--> 9

SELECT id FROM t WHERE b >= 'b' AND b < 'c' ORDER BY b DESC;
--> id
--> 7
--> 4
--> 10
--> 1

SELECT id FROM t WHERE (a, c) > (2, 1) ORDER BY a, c, id;
--> id
--> 7
--> 12
--> 3
--> 8

SELECT a, count(*), min(c), max(c) FROM t WHERE a IS NOT NULL GROUP BY a ORDER BY a;
--> a | count | min | max
--> 0 | 2 | 1.2500000000000000 | 2.5000000000000000
--> 1 | 3 | 0.25000000000000000000 | 2.7500000000000000
--> 2 | 3 | 0.50000000000000000000 | 3.0000000000000000
--> 3 | 2 | 0.75000000000000000000 | 2.0000000000000000

SELECT id FROM t WHERE c = 1.50;
--> id
--> 6

SELECT id FROM t WHERE c IN (1, 2.0, 3.000) ORDER BY id;
--> id
--> 4
--> 8
--> 12

SELECT id FROM t WHERE a = 1.0 ORDER BY id;
--> id
--> 1
--> 6
--> 11

SELECT id FROM t WHERE a = 1.5;
--> id

SELECT id FROM t WHERE a > 1.5 AND a < 2.5 ORDER BY id;
--> id
--> 2
--> 7
--> 12

SELECT id FROM t WHERE a = 99999999999;
--> id

SELECT id FROM t WHERE a < 99999999999 AND id > 10 ORDER BY id;
--> id
--> 11
--> 12

SELECT id FROM t WHERE id = 3 AND a = 99;
--> id

SELECT id FROM t ORDER BY a NULLS FIRST, c DESC LIMIT 4;
--> id
--> 9
--> 4
--> 10
--> 5

SELECT id FROM t ORDER BY a DESC NULLS LAST, c LIMIT 4;
--> id
--> 3
--> 8
--> 2
--> 7

SELECT max(a) AS max, min(a) AS min, max(c) FILTER (WHERE a = 3) AS of_three FROM t;
--> max | min | of_three
--> 3 | 0 | 2.0000000000000000

UPDATE t SET a = a + 1 WHERE a >= 2;

SELECT a, count(*) FROM t GROUP BY a ORDER BY a;
--> a | count
--> 0 | 2
--> 1 | 3
--> 3 | 3
--> 4 | 2
--> NULL | 2

DELETE FROM t WHERE a IN (SELECT a FROM t GROUP BY a HAVING count(*) > 2);

SELECT count(*) AS n, count(a) AS known FROM t;
--> n | known
--> 6 | 4
