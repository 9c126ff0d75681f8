-- Recursive queries of which LIMIT takes some rows
-- oracle: postgres
-- chapter: queries

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT 5;
--> i
--> 1
--> 2
--> 3
--> 4
--> 5

WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i * 2 FROM n) SELECT i FROM n WHERE i > 10 LIMIT 3;
--> i
--> 16
--> 32
--> 64

SELECT (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n OFFSET 9 LIMIT 1) AS tenth;
--> tenth
--> 10

SELECT EXISTS (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i = 100) AS found;
--> found
--> t

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT a.i, b.i FROM n a, n b WHERE a.i = b.i LIMIT 2;
--> i | i
--> 1 | 1
--> 2 | 2

SELECT x, (WITH RECURSIVE n(i) AS (SELECT x UNION ALL SELECT i + 1 FROM n) SELECT i FROM n OFFSET 2 LIMIT 1) AS third FROM (VALUES (10), (20)) AS v(x) ORDER BY x;
--> x | third
--> 10 | 12
--> 20 | 22
