-- HAVING without GROUP BY makes one group of all rows
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (x INTEGER);

SELECT count(*) FROM t HAVING true;
--> count
--> 0

SELECT count(*) FROM t HAVING count(*) > 0;
--> count

SELECT 1 AS one FROM t HAVING true;
--> one
--> 1

SELECT 1 AS one HAVING false;
--> one

SELECT 'few' AS verdict FROM t HAVING count(*) < 3;
--> verdict
--> few

INSERT INTO t VALUES (1), (2), (NULL), (2);

SELECT sum(x) FROM t HAVING sum(x) > 4;
--> sum
--> 5

SELECT sum(x) FROM t HAVING sum(x) > 5;
--> sum

SELECT 'many' AS verdict FROM t HAVING count(*) >= 3;
--> verdict
--> many

SELECT x FROM t HAVING true;
--! 42803: column "t.x" must appear in the GROUP BY clause or be used in an aggregate function

SELECT count(*) FROM t WHERE x > 100 HAVING count(*) = 0;
--> count
--> 0

SELECT count(*) FROM t WHERE x > 100 GROUP BY x HAVING count(*) = 0;
--> count

SELECT count(*) FROM t GROUP BY () HAVING count(*) = 4;
--> count
--> 4

SELECT count(*) FILTER (WHERE x = 2) AS twos FROM t HAVING bool_or(x IS NULL);
--> twos
--> 2

SELECT max(x) FROM t HAVING max(x) = NULL;
--> max

SELECT EXISTS (SELECT 1 FROM t WHERE false HAVING true) AS one_group;
--> one_group
--> t

SELECT min(x), max(x) FROM t HAVING (SELECT count(*) FROM t) > avg(x) ORDER BY 1;
--> min | max
--> 1 | 2
