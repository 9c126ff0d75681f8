-- Row values
-- oracle: sqlite
-- chapter: expressions

SELECT (1, 2) = (1, 2), (1, 2) < (1, 3), (1, NULL) = (1, 2), (1, NULL) = (2, NULL), (1, 2) <> (1, 3);
--> (1, 2) = (1, 2) | (1, 2) < (1, 3) | (1, NULL) = (1, 2) | (1, NULL) = (2, NULL) | (1, 2) <> (1, 3)
--> 1 | 1 | NULL | 0 | 1

SELECT (1, 2) IS (1, 2), (1, NULL) IS (1, NULL), (1, NULL) IS NOT (1, 2);
--> (1, 2) IS (1, 2) | (1, NULL) IS (1, NULL) | (1, NULL) IS NOT (1, 2)
--> 1 | 1 | 1

SELECT (1, 2) BETWEEN (1, 1) AND (1, 3), (1, 2, 3) > (1, 2);
--! row value misused

SELECT (1, 2, 3) = (1, 2, 3), ('a', 1) < ('b', 0);
--> (1, 2, 3) = (1, 2, 3) | ('a', 1) < ('b', 0)
--> 1 | 1

CREATE TABLE t (a INTEGER, b INTEGER, c TEXT);

INSERT INTO t VALUES (1, 10, 'x'), (1, 20, 'y'), (2, 5, 'z');

SELECT c FROM t WHERE (a, b) > (1, 10) ORDER BY a, b;
--> c
--> y
--> z

SELECT c FROM t WHERE (a, b) IN (SELECT 1, 20);
--> c
--> y

SELECT c FROM t WHERE (a, b) = (SELECT 2, 5);
--> c
--> z

UPDATE t SET (a, b) = (7, 8) WHERE c = 'x' RETURNING *;
--> a | b | c
--> 7 | 8 | x

UPDATE t SET (a, b) = (SELECT max(a), min(b) FROM t) WHERE c = 'z' RETURNING *;
--> a | b | c
--> 7 | 5 | z

UPDATE t SET (a, b) = (1, 2, 3);
--! 2 columns assigned 3 values

SELECT (1, 2);
--! row value misused

SELECT c FROM t ORDER BY (a, b);
--! row value misused

SELECT CASE (1, 2) WHEN (1, 2) THEN 'same' END AS r;
--> r
--> same
