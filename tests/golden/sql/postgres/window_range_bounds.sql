-- RANGE frames by a distance, upwards, downwards, with ties and NULLs
-- oracle: postgres
-- chapter: windows

CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER);

INSERT INTO t VALUES (1, 1), (2, 2), (3, 2), (4, 5), (5, NULL), (6, NULL), (7, 9);

SELECT x, array_agg(id ORDER BY id) OVER (ORDER BY x) FROM t;
--! 0A000: aggregate ORDER BY is not implemented for window functions

SELECT x, count(*) OVER (ORDER BY x) AS peers, count(*) OVER (ORDER BY x RANGE CURRENT ROW) AS own, count(*) OVER (ORDER BY x RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS rest FROM t ORDER BY x, id;
--> x | peers | own | rest
--> 1 | 1 | 1 | 7
--> 2 | 3 | 2 | 6
--> 2 | 3 | 2 | 6
--> 5 | 4 | 1 | 4
--> 9 | 5 | 1 | 3
--> NULL | 7 | 2 | 2
--> NULL | 7 | 2 | 2

SELECT x, count(*) OVER (ORDER BY x RANGE 1 PRECEDING) AS one, count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 3 FOLLOWING) AS around FROM t ORDER BY x, id;
--> x | one | around
--> 1 | 1 | 3
--> 2 | 3 | 4
--> 2 | 3 | 4
--> 5 | 1 | 1
--> 9 | 1 | 1
--> NULL | 2 | 2
--> NULL | 2 | 2

SELECT x, sum(x) OVER (ORDER BY x DESC RANGE 3 PRECEDING) AS down, sum(x) OVER (ORDER BY x DESC RANGE BETWEEN CURRENT ROW AND 3 FOLLOWING) AS below FROM t ORDER BY x, id;
--> x | down | below
--> 1 | 5 | 1
--> 2 | 9 | 5
--> 2 | 9 | 5
--> 5 | 5 | 9
--> 9 | 9 | 9
--> NULL | NULL | NULL
--> NULL | NULL | NULL

SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 3 FOLLOWING AND 4 FOLLOWING) AS ahead, sum(x) OVER (ORDER BY x RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM t ORDER BY x, id;
--> x | ahead | before
--> 1 | 5 | NULL
--> 2 | 5 | 1
--> 2 | 5 | 1
--> 5 | 9 | 5
--> 9 | NULL | 10
--> NULL | NULL | 19
--> NULL | NULL | 19

SELECT x, count(*) OVER (ORDER BY x NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS first, count(*) OVER (ORDER BY x NULLS LAST RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS last FROM t ORDER BY x, id;
--> x | first | last
--> 1 | 2 | 6
--> 2 | 3 | 4
--> 2 | 3 | 4
--> 5 | 5 | 3
--> 9 | 6 | 2
--> NULL | 2 | 2
--> NULL | 2 | 2

SELECT x, count(*) OVER (ORDER BY x NULLS FIRST RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS nulls_are_peers FROM t ORDER BY x NULLS FIRST, id;
--> x | nulls_are_peers
--> NULL | 2
--> NULL | 2
--> 1 | 3
--> 2 | 3
--> 2 | 3
--> 5 | 1
--> 9 | 1

SELECT v, sum(v) OVER (ORDER BY v RANGE 0.5 PRECEDING) AS half FROM (VALUES (1.0), (1.4), (1.9), (2.5)) AS n(v) ORDER BY v;
--> v | half
--> 1.0 | 1.0
--> 1.4 | 2.4
--> 1.9 | 3.3
--> 2.5 | 2.5

SELECT v, count(*) OVER (ORDER BY v RANGE 1 PRECEDING) AS c FROM (VALUES (1::float8), (2), ('Infinity'), ('NaN')) AS n(v) ORDER BY v;
--> v | c
--> 1 | 1
--> 2 | 2
--> Infinity | 1
--> NaN | 1

SELECT count(*) OVER (ORDER BY x RANGE -1 PRECEDING) FROM t;
--! 22013: invalid preceding or following size in window function

SELECT count(*) OVER (RANGE 1 PRECEDING) FROM t;
--! 42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column

SELECT count(*) OVER (ORDER BY x, id RANGE 1 PRECEDING) FROM t;
--! 42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column

SELECT count(*) OVER (ORDER BY x::text RANGE 1 PRECEDING) FROM t;
--! 0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type text

SELECT count(*) OVER (ORDER BY x RANGE NULL PRECEDING) FROM t;
--! 22004: frame starting offset must not be null

SELECT x, count(*) OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS all FROM t ORDER BY x LIMIT 1;
--> x | all
--> 1 | 7

SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN 2147483647 PRECEDING AND 2147483647 FOLLOWING) AS no_overflow FROM t ORDER BY x LIMIT 2;
--> x | no_overflow
--> 1 | 5
--> 2 | 5
