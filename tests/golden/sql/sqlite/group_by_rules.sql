-- GROUP BY and HAVING
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (g TEXT, n INTEGER);

INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 3), (NULL, 4), (NULL, 5);

SELECT g, count(*), sum(n) FROM t GROUP BY g ORDER BY g;
--> g | count(*) | sum(n)
--> NULL | 2 | 9
--> a | 2 | 3
--> b | 1 | 3

SELECT n % 2 AS odd, count(*) FROM t GROUP BY odd ORDER BY odd;
--> odd | count(*)
--> 0 | 2
--> 1 | 3

SELECT g, count(*) FROM t GROUP BY 1 ORDER BY 1;
--> g | count(*)
--> NULL | 2
--> a | 2
--> b | 1

SELECT count(*) FROM t GROUP BY g HAVING count(*) > 1 ORDER BY 1;
--> count(*)
--> 2
--> 2

SELECT g FROM t GROUP BY g HAVING g IS NOT NULL ORDER BY g;
--> g
--> a
--> b

SELECT g FROM t HAVING g = 'a';
--! HAVING clause on a non-aggregate query

SELECT count(*) FROM t HAVING count(*) > 100;
--> count(*)

SELECT count(*) FROM t WHERE 0 GROUP BY g;
--> count(*)

SELECT count(*), sum(n), max(n) FROM t WHERE 0;
--> count(*) | sum(n) | max(n)
--> 0 | NULL | NULL

SELECT g, max(n) FROM t GROUP BY g ORDER BY max(n) DESC;
--> g | max(n)
--> NULL | 5
--> b | 3
--> a | 2

SELECT max(n), g FROM t;
--> max(n) | g
--> 5 | NULL

SELECT min(n), g FROM t WHERE g IS NOT NULL;
--> min(n) | g
--> 1 | a

SELECT g FROM t WHERE count(*) > 1;
--! misuse of aggregate function count()

SELECT sum(max(n)) FROM t;
--! misuse of aggregate function max()

SELECT g, sum(n) FROM t GROUP BY count(*);
--! aggregate functions are not allowed in the GROUP BY clause

SELECT count(*) FROM t GROUP BY 5;
--! 1st GROUP BY term out of range - should be between 1 and 1
