-- Aggregates in subqueries that belong to the query around them, and what they take once
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (g INTEGER, x INTEGER);

INSERT INTO t VALUES (0, 1), (1, 3), (1, 5);

SELECT (SELECT sum(t.x) FROM t AS u LIMIT 1) AS of_the_outer FROM t;
--> of_the_outer
--> 9

SELECT g, (SELECT cume_dist(t.g) WITHIN GROUP (ORDER BY 0) FROM t AS u) AS cume_dist, (SELECT rank(t.x) WITHIN GROUP (ORDER BY u.x) FROM t AS u) AS rank FROM t ORDER BY g, x;
--> g | cume_dist | rank
--> 0 | 1 | 1
--> 1 | 1 | 2
--> 1 | 1 | 3

SELECT g, (SELECT percentile_cont(t.g / 2.0) WITHIN GROUP (ORDER BY u.x) FROM t AS u) AS part FROM t ORDER BY g, x;
--> g | part
--> 0 | 1
--> 1 | 3
--> 1 | 3

SELECT (SELECT rank(u.g) WITHIN GROUP (ORDER BY t.x) FROM t AS u LIMIT 1) FROM t;
--! 42803: outer-level aggregate cannot contain a lower-level variable in its direct arguments

SELECT (SELECT percentile_disc(u.g) WITHIN GROUP (ORDER BY t.x) FROM t AS u LIMIT 1) FROM t;
--! 42803: outer-level aggregate cannot contain a lower-level variable in its direct arguments

SELECT (SELECT rank(3) WITHIN GROUP (ORDER BY t.x) FROM t AS u LIMIT 1) AS rank, (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY t.x) FROM t AS u LIMIT 1) AS middle FROM t;
--> rank | middle
--> 2 | 3

SELECT l.n FROM t CROSS JOIN LATERAL (SELECT count(t.x) AS n) AS l;
--! 42803: aggregate functions are not allowed in FROM clause of their own query level

SELECT rank('2024-01-05'::date) WITHIN GROUP (ORDER BY x) FROM t;
--! 42804: WITHIN GROUP types integer and date cannot be matched

SELECT rank(1.5) WITHIN GROUP (ORDER BY x), rank('2') WITHIN GROUP (ORDER BY x) FROM t;
--> rank | rank
--> 2 | 2

SELECT (1, 'a'::text) = (1, NULL::json);
--! 42883: operator does not exist: text = json

SELECT (1, 'a'::text) = (1, NULL) AS unknown;
--> unknown
--> NULL
