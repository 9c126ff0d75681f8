-- Row values in comparisons, IN, SET, CASE and keys of pages
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a INTEGER, b INTEGER, c TEXT, PRIMARY KEY (a, b));

INSERT INTO t VALUES (1, 1, 'p'), (1, 2, 'q'), (2, 1, 'r'), (2, 2, NULL);

SELECT a, b FROM t WHERE (a, b) = (1, 2);
--> a | b
--> 1 | 2

SELECT a, b FROM t WHERE (a, b) > (1, 2) ORDER BY a, b;
--> a | b
--> 2 | 1
--> 2 | 2

SELECT a, b FROM t WHERE (a, b) BETWEEN (1, 2) AND (2, 1) ORDER BY a, b;
--> a | b
--> 1 | 2
--> 2 | 1

SELECT a, b FROM t WHERE (a, b) IN (VALUES (1, 1), (2, 2), (9, 9)) ORDER BY a, b;
--> a | b
--> 1 | 1
--> 2 | 2

SELECT a, b FROM t WHERE (a, b) IN (SELECT b, a FROM t WHERE b > 1) ORDER BY a, b;
--> a | b
--> 2 | 1
--> 2 | 2

SELECT a, b FROM t WHERE (a, b) NOT IN (SELECT a, b FROM t WHERE c IS NOT NULL) ORDER BY a, b;
--> a | b
--> 2 | 2

SELECT (1, NULL) = (1, 2) AS unknown, (1, NULL) = (2, 2) AS decided, (1, NULL) IS (1, NULL) AS same, (1, NULL) < (2, 0) AS less, (1, NULL) < (1, 5) AS open;
--> unknown | decided | same | less | open
--> NULL | 0 | 1 | 1 | NULL

SELECT (1, 2) < (1, 3) AS less, (1, 2) <> (1, 2) AS unequal, (1, 'a') = (1, 'A') AS texts, (1, 2) >= (1, 2) AS reflexive;
--> less | unequal | texts | reflexive
--> 1 | 0 | 0 | 1

UPDATE t SET (b, c) = (10, 'new') WHERE (a, b) = (2, 2) RETURNING a, b, c;
--> a | b | c
--> 2 | 10 | new

UPDATE t SET (c, b) = (SELECT 'sub', max(b) + 1 FROM t) WHERE a = 1 AND b = 1 RETURNING b, c;
--> b | c
--> 11 | sub

SELECT CASE (1, 2) WHEN (1, 3) THEN 'no' WHEN (1, 2) THEN 'yes' END AS chosen;
--> chosen
--> yes

SELECT (SELECT a, b FROM t ORDER BY a, b LIMIT 1) = (1, 2) AS of_query, (1, 2) IS NOT NULL AS never;
--! row value misused
--~! sub-select returns 2 columns - expected 1

SELECT (1, 2) = (1, 2, 3);
--! row value misused

SELECT (1, 2);
--! row value misused

SELECT (1, 2) + 1;
--! row value misused

SELECT a, b FROM t ORDER BY (a, b);
--! row value misused

SELECT a, b FROM t WHERE a = 1 AND (b, c) > (2, 'p') ORDER BY b;
--> a | b
--> 1 | 2
--> 1 | 11

SELECT max((SELECT b FROM t x WHERE (x.a, x.b) = (t.a, t.b))) AS max FROM t;
--> max
--> 11

SELECT c FROM t WHERE (a, b) = (SELECT max(a), max(b) FROM t);
--> c
