-- Set operations: ALL counts, INTERSECT binds first
-- oracle: postgres
-- chapter: queries

SELECT x FROM (VALUES (1), (1), (2), (NULL)) a(x) UNION SELECT x FROM (VALUES (2), (3), (NULL)) b(x) ORDER BY x;
--> x
--> 1
--> 2
--> 3
--> NULL

SELECT x FROM (VALUES (1), (1), (1), (2)) a(x) INTERSECT ALL SELECT x FROM (VALUES (1), (1), (3)) b(x) ORDER BY x;
--> x
--> 1
--> 1

SELECT x FROM (VALUES (1), (1), (1), (2)) a(x) EXCEPT ALL SELECT x FROM (VALUES (1), (3)) b(x) ORDER BY x;
--> x
--> 1
--> 1
--> 2

SELECT x FROM (VALUES (NULL), (1)) a(x) EXCEPT SELECT NULL ORDER BY x;
--> x
--> 1

SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 ORDER BY 1;
--> ?column?
--> 1

(SELECT 1 UNION SELECT 2) INTERSECT SELECT 2;
--> ?column?
--> 2

SELECT 1 EXCEPT SELECT 1 UNION ALL SELECT 1;
--> ?column?
--> 1

SELECT 3 AS a UNION ALL SELECT 1 AS b ORDER BY a;
--> a
--> 1
--> 3

SELECT 3 AS a UNION ALL SELECT 1 AS b ORDER BY b;
--! 42703: column "b" does not exist

(SELECT 3 AS n ORDER BY n LIMIT 1) UNION ALL (SELECT 1) ORDER BY n;
--> n
--> 1
--> 3

SELECT 1 ORDER BY 1 UNION SELECT 2;
--! 42601: syntax error at or near "UNION"

SELECT 1 UNION DISTINCT SELECT 1;
--> ?column?
--> 1

SELECT 1, 'a' UNION SELECT 1, 'a' UNION SELECT 1, 'b' ORDER BY 2;
--> ?column? | ?column?
--> 1 | a
--> 1 | b

SELECT 1 UNION SELECT 1 FOR UPDATE;
--! 0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT
