-- RANGE by a distance and GROUPS, with ties, NULLs and downwards
-- oracle: sqlite
-- chapter: windows

CREATE TABLE t (id INTEGER PRIMARY KEY, x);

INSERT INTO t VALUES (1, 1), (2, 2), (3, 2), (4, 5), (5, NULL), (6, 2.5), (7, 'a');

SELECT id, x, count(*) OVER (ORDER BY x RANGE 1 PRECEDING) AS one, count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS around FROM t ORDER BY id;
--> id | x | one | around
--> 1 | 1 | 1 | 3
--> 2 | 2 | 3 | 4
--> 3 | 2 | 3 | 4
--> 4 | 5 | 1 | 1
--> 5 | NULL | 1 | 1
--> 6 | 2.5 | 3 | 3
--> 7 | a | 1 | 1

SELECT id, x, count(*) OVER (ORDER BY x DESC RANGE 1 PRECEDING) AS down, count(*) OVER (ORDER BY x RANGE 0.5 PRECEDING) AS half FROM t ORDER BY id;
--> id | x | down | half
--> 1 | 1 | 3 | 1
--> 2 | 2 | 3 | 2
--> 3 | 2 | 3 | 2
--> 4 | 5 | 1 | 1
--> 5 | NULL | 1 | 1
--> 6 | 2.5 | 1 | 3
--> 7 | a | 1 | 1

SELECT id, count(*) OVER (ORDER BY x RANGE UNBOUNDED PRECEDING) AS so_far, count(*) OVER (ORDER BY x RANGE CURRENT ROW) AS peers, count(*) OVER (ORDER BY x RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS rest FROM t ORDER BY id;
--> id | so_far | peers | rest
--> 1 | 2 | 1 | 6
--> 2 | 4 | 2 | 5
--> 3 | 4 | 2 | 5
--> 4 | 6 | 1 | 2
--> 5 | 1 | 1 | 7
--> 6 | 5 | 1 | 3
--> 7 | 7 | 1 | 1

SELECT id, total(x) OVER (ORDER BY x RANGE BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS ahead, total(x) OVER (ORDER BY x RANGE BETWEEN 3 PRECEDING AND 1 PRECEDING) AS before FROM t ORDER BY id;
--> id | ahead | before
--> 1 | 6.5 | 0.0
--> 2 | 5.0 | 1.0
--> 3 | 5.0 | 1.0
--> 4 | 0.0 | 6.5
--> 5 | 0.0 | 0.0
--> 6 | 5.0 | 1.0
--> 7 | 0.0 | 0.0

SELECT id, count(*) OVER (ORDER BY x GROUPS 1 PRECEDING) AS one, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 FOLLOWING AND 1 FOLLOWING) AS next, count(*) OVER (ORDER BY x GROUPS CURRENT ROW) AS own FROM t ORDER BY id;
--> id | one | next | own
--> 1 | 2 | 2 | 1
--> 2 | 3 | 1 | 2
--> 3 | 3 | 1 | 2
--> 4 | 2 | 1 | 1
--> 5 | 1 | 1 | 1
--> 6 | 3 | 1 | 1
--> 7 | 2 | 0 | 1

SELECT id, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP) AS no_group, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) AS no_ties, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) AS no_row FROM t ORDER BY id;
--> id | no_group | no_ties | no_row
--> 1 | 3 | 4 | 3
--> 2 | 2 | 3 | 3
--> 3 | 2 | 3 | 3
--> 4 | 2 | 3 | 2
--> 5 | 1 | 2 | 1
--> 6 | 3 | 4 | 3
--> 7 | 1 | 2 | 1

SELECT id, min(id) OVER (ORDER BY x GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS first_before, max(id) OVER (ORDER BY x GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS last_behind FROM t ORDER BY id;
--> id | first_before | last_behind
--> 1 | 5 | 7
--> 2 | 1 | 7
--> 3 | 1 | 7
--> 4 | 1 | 7
--> 5 | NULL | 7
--> 6 | 1 | 7
--> 7 | 1 | NULL

SELECT id, count(*) OVER (ORDER BY x NULLS LAST RANGE UNBOUNDED PRECEDING) AS nulls_last FROM t ORDER BY id;
--> id | nulls_last
--> 1 | 1
--> 2 | 3
--> 3 | 3
--> 4 | 5
--> 5 | 7
--> 6 | 4
--> 7 | 6

SELECT count(*) OVER (ORDER BY x, id RANGE 1 PRECEDING) FROM t;
--! RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY expression

SELECT count(*) OVER (RANGE 1 PRECEDING) FROM t;
--! RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY expression

SELECT count(*) OVER (ORDER BY x RANGE -1 PRECEDING) FROM t;
--! frame starting offset must be a non-negative number

SELECT id, count(*) OVER (GROUPS 1 PRECEDING) AS no_order FROM t ORDER BY id LIMIT 2;
--> id | no_order
--> 1 | 7
--> 2 | 7

SELECT id, group_concat(id) OVER (PARTITION BY typeof(x) ORDER BY id) AS by_type FROM t ORDER BY id;
--> id | by_type
--> 1 | 1
--> 2 | 1,2
--> 3 | 1,2,3
--> 4 | 1,2,3,4
--> 5 | 5
--> 6 | 6
--> 7 | 7

SELECT x, count(*) OVER w AS n, sum(id) OVER (w ROWS 1 PRECEDING) AS s FROM t WINDOW w AS (ORDER BY id) ORDER BY id LIMIT 3;
--> x | n | s
--> 1 | 1 | 1
--> 2 | 2 | 3
--> 2 | 3 | 5
