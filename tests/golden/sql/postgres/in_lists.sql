-- IN lists
-- oracle: postgres
-- chapter: expressions

SELECT 1 IN (1, 2) AS yes, 3 IN (1, 2) AS no, 3 IN (1, NULL) AS unknown, 1 NOT IN (2, NULL) AS also, NULL IN (1) AS n;
--> yes | no | unknown | also | n
--> t | f | NULL | NULL | NULL

SELECT 1 IN ();
--! 42601: syntax error at or near ")"

SELECT 1 IN (1.0, '1') AS mixed, 'a' IN ('a', 'b') AS t, 1 IN ('x');
--! 22P02: invalid input syntax for type integer: "x"

SELECT 1 IN (SELECT 1 UNION SELECT 2) AS q, 1 IN (VALUES (1), (3)) AS v;
--> q | v
--> t | t

SELECT (1, 'a') IN ((1, 'a'), (2, 'b')) AS rows, (1, NULL) IN ((1, 2)) AS unknown, (2, NULL) IN ((1, 2)) AS no;
--> rows | unknown | no
--> t | NULL | f

SELECT 1 IN (1, 2, 3) = true AS compared, 1 IN (1) AND 2 IN (2) AS both, NOT 1 IN (1) AS negated;
--> compared | both | negated
--> t | t | f

SELECT x FROM generate_series(1, 5) x WHERE x IN (5, 3, 3) ORDER BY x;
--> x
--> 3
--> 5

SELECT date '2024-01-01' IN ('2024-01-01', '2024-02-01') AS d;
--> d
--> t

SELECT 1 IN (1, true);
--! 42883: operator does not exist: integer = boolean
