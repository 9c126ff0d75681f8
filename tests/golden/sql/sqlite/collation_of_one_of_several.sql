-- Collations: CASE, coalesce and their like have none, but one that is said
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a TEXT COLLATE NOCASE, n INTEGER);

INSERT INTO t VALUES ('a', 1), ('A', 2), ('b', 3);

SELECT coalesce(a, 'q'), count(*) FROM t GROUP BY coalesce(a, 'q') ORDER BY 1;
--> coalesce(a, 'q') | count(*)
--> A | 1
--> a | 1
--> b | 1

SELECT CASE WHEN n > 7 THEN a ELSE a END, count(*) FROM t GROUP BY CASE WHEN n > 7 THEN a ELSE a END ORDER BY 1;
--> CASE WHEN n > 7 THEN a ELSE a END | count(*)
--> A | 1
--> a | 1
--> b | 1

SELECT DISTINCT ifnull(a, 'q') FROM t ORDER BY 1;
--> ifnull(a, 'q')
--> A
--> a
--> b

SELECT count(*) FROM t GROUP BY rtrim(a COLLATE NOCASE, 'q') ORDER BY 1;
--> count(*)
--> 1
--> 2

SELECT a, count(*) FROM t GROUP BY a ORDER BY n;
--> a | count(*)
--> a | 2
--> b | 1
