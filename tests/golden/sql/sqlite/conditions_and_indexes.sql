-- The same rows with indexes and without: ranges, lists, prefixes, NULLs, collations
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c REAL, d TEXT COLLATE NOCASE);

INSERT INTO t VALUES (1, 1, 'a1', 0.25, 'X'), (2, 2, 'b2', 0.5, 'x'), (3, 3, 'c3', 0.75, 'Y'), (4, NULL, 'a4', 1, NULL), (5, 0, 'b5', 1.25, 'z'), (6, 1, 'c6', 1.5, 'xy'), (7, 2, 'A7', 1.75, 'XY'), (8, 3, 'b8', 2, 'w');

CREATE INDEX t_a ON t (a);

CREATE INDEX t_b ON t (b);

CREATE INDEX t_ac ON t (a, c DESC);

CREATE INDEX t_d ON t (d);

CREATE INDEX t_part ON t (c) WHERE a IS NOT NULL;

SELECT id FROM t WHERE a = 2 ORDER BY id;
--> id
--> 2
--> 7

SELECT id FROM t WHERE a IS NULL;
--> id
--> 4

SELECT id FROM t WHERE a IN (0, 3, NULL) ORDER BY id;
--> id
--> 3
--> 5
--> 8

SELECT id FROM t WHERE a = '2' ORDER BY id;
--> id
--> 2
--> 7

SELECT id FROM t WHERE a = 2.0 ORDER BY id;
--> id
--> 2
--> 7

SELECT id FROM t WHERE a > 1.5 AND a < '3' ORDER BY id;
--> id
--> 2
--> 7

SELECT id FROM t WHERE a < 'x' ORDER BY id;
--> id
--> 1
--> 2
--> 3
--> 5
--> 6
--> 7
--> 8

SELECT id FROM t WHERE a BETWEEN 1 AND 2 AND c < 1.6 ORDER BY id;
--> id
--> 1
--> 2
--> 6

SELECT id FROM t WHERE a = 1 ORDER BY c DESC;
--> id
--> 6
--> 1

SELECT id FROM t WHERE a < 1 OR c > 1.9 ORDER BY id;
--> id
--> 5
--> 8

SELECT id FROM t WHERE b LIKE 'a%' ORDER BY id;
--> id
--> 1
--> 4
--> 7

SELECT id FROM t WHERE b GLOB 'a*' ORDER BY id;
--> id
--> 1
--> 4

SELECT id FROM t WHERE b >= 'b' AND b < 'c' ORDER BY b DESC;
--> id
--> 8
--> 5
--> 2

SELECT id FROM t WHERE d = 'X' ORDER BY id;
--> id
--> 1
--> 2

SELECT id FROM t WHERE d = 'X' COLLATE BINARY ORDER BY id;
--> id
--> 1

SELECT id FROM t WHERE d > 'W' AND d < 'xz' ORDER BY id;
--> id
--> 1
--> 2
--> 6
--> 7

SELECT id FROM t WHERE d IN ('xY', 'Z') ORDER BY id;
--> id
--> 5
--> 6
--> 7

SELECT id FROM t WHERE b = 8;
--> id

SELECT id FROM t WHERE (a, c) > (1, 1) ORDER BY a, c;
--> id
--> 6
--> 2
--> 7
--> 3
--> 8

SELECT id FROM t WHERE c = '2' OR c = 2;
--> id
--> 8

SELECT id FROM t WHERE id > '6' AND id <= 7.9 ORDER BY id;
--> id
--> 7

SELECT id FROM t WHERE id IN ('3', 4.0, 'x', 99) ORDER BY id;
--> id
--> 3
--> 4

SELECT max(a) AS max, min(a) AS min, max(d) AS d, min(b) AS b FROM t;
--> max | min | d | b
--> 3 | 0 | z | A7

SELECT id FROM t ORDER BY a, c DESC LIMIT 4;
--> id
--> 4
--> 5
--> 6
--> 1

SELECT id FROM t ORDER BY d DESC, id LIMIT 4;
--> id
--> 5
--> 3
--> 6
--> 7

SELECT a, count(*) AS n, sum(c) AS c FROM t GROUP BY a ORDER BY a;
--> a | n | c
--> NULL | 1 | 1.0
--> 0 | 1 | 1.25
--> 1 | 2 | 1.75
--> 2 | 2 | 2.25
--> 3 | 2 | 2.75

UPDATE t SET a = a + 1 WHERE a >= 2;

SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY a;
--> a | n
--> NULL | 1
--> 0 | 1
--> 1 | 2
--> 3 | 2
--> 4 | 2

DELETE FROM t WHERE d = 'x' RETURNING id, d;
--> id | d
--> 1 | X
--> 2 | x

SELECT count(*) AS n FROM t WHERE d LIKE 'x%';
--> n
--> 2
