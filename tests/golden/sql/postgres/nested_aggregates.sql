-- Where aggregates may stand
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (g INTEGER, x INTEGER);

INSERT INTO t VALUES (1, 1), (1, 2), (2, 4);

SELECT max(s) FROM (SELECT sum(x) AS s FROM t GROUP BY g) AS sums;
--> max
--> 4

SELECT g, sum(x) FROM t GROUP BY g ORDER BY sum(x) DESC;
--> g | sum
--> 2 | 4
--> 1 | 3

SELECT sum(max(x)) FROM t;
--! 42803: aggregate function calls cannot be nested

SELECT g FROM t WHERE sum(x) > 1 GROUP BY g;
--! 42803: aggregate functions are not allowed in WHERE

SELECT g FROM t GROUP BY sum(x);
--! 42803: aggregate functions are not allowed in GROUP BY

SELECT * FROM t JOIN t AS u ON sum(t.x) = 1;
--! 42803: aggregate functions are not allowed in JOIN conditions

UPDATE t SET x = sum(x);
--! 42803: aggregate functions are not allowed in UPDATE

INSERT INTO t VALUES (sum(1), 1);
--! 42803: aggregate functions are not allowed in VALUES

SELECT (SELECT sum(t.x)) FROM t;
--> sum
--> 7

SELECT g, (SELECT max(u.x) FROM t AS u WHERE u.g = t.g) AS m FROM t GROUP BY g ORDER BY g;
--> g | m
--> 1 | 2
--> 2 | 4

SELECT (SELECT count(u.x) FROM t AS u WHERE u.x > max(t.x) - 2) FROM t;
--> count
--> 1

SELECT count(*) * 2 + max(x) AS e FROM t HAVING count(*) > 2;
--> e
--> 10

SELECT generate_series(1, count(*)) AS s FROM t;
--> s
--> 1
--> 2
--> 3

SELECT sum(generate_series(1, 3));
--! 0A000: aggregate function calls cannot contain set-returning function calls

SELECT x FROM t LIMIT count(*);
--! 42803: aggregate functions are not allowed in LIMIT
