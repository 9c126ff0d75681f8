-- GROUPS frames count groups of peers
-- oracle: postgres
-- chapter: windows

CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);

INSERT INTO t VALUES (1, 'a'), (2, 'a'), (3, 'b'), (4, 'c'), (5, 'c'), (6, 'c'), (7, NULL), (8, NULL);

SELECT id, x, count(*) OVER (ORDER BY x GROUPS CURRENT ROW) AS own, count(*) OVER (ORDER BY x GROUPS 1 PRECEDING) AS one, count(*) OVER (ORDER BY x GROUPS UNBOUNDED PRECEDING) AS so_far FROM t ORDER BY id;
--> id | x | own | one | so_far
--> 1 | a | 2 | 2 | 2
--> 2 | a | 2 | 2 | 2
--> 3 | b | 1 | 3 | 3
--> 4 | c | 3 | 4 | 6
--> 5 | c | 3 | 4 | 6
--> 6 | c | 3 | 4 | 6
--> 7 | NULL | 2 | 5 | 8
--> 8 | NULL | 2 | 5 | 8

SELECT id, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS around, count(*) OVER (ORDER BY x GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS next, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS ahead FROM t ORDER BY id;
--> id | around | next | ahead
--> 1 | 3 | 3 | 4
--> 2 | 3 | 3 | 4
--> 3 | 6 | 4 | 5
--> 4 | 6 | 5 | 2
--> 5 | 6 | 5 | 2
--> 6 | 6 | 5 | 2
--> 7 | 5 | 2 | 0
--> 8 | 5 | 2 | 0

SELECT id, min(id) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 PRECEDING) AS first_before, max(id) OVER (ORDER BY x GROUPS BETWEEN 1 FOLLOWING AND 1 FOLLOWING) AS last_next FROM t ORDER BY id;
--> id | first_before | last_next
--> 1 | NULL | 3
--> 2 | NULL | 3
--> 3 | 1 | 6
--> 4 | 3 | 8
--> 5 | 3 | 8
--> 6 | 3 | 8
--> 7 | 4 | NULL
--> 8 | 4 | NULL

SELECT id, sum(id) OVER (ORDER BY x DESC GROUPS 1 PRECEDING) AS down, sum(id) OVER (ORDER BY x NULLS FIRST GROUPS 1 PRECEDING) AS nulls_first FROM t ORDER BY id;
--> id | down | nulls_first
--> 1 | 6 | 18
--> 2 | 6 | 18
--> 3 | 18 | 6
--> 4 | 30 | 18
--> 5 | 30 | 18
--> 6 | 30 | 18
--> 7 | 15 | 15
--> 8 | 15 | 15

SELECT id, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS no_group, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS no_ties, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS no_row, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE NO OTHERS) AS all FROM t ORDER BY id;
--> id | no_group | no_ties | no_row | all
--> 1 | 0 | 1 | 1 | 2
--> 2 | 0 | 1 | 1 | 2
--> 3 | 2 | 3 | 2 | 3
--> 4 | 1 | 2 | 3 | 4
--> 5 | 1 | 2 | 3 | 4
--> 6 | 1 | 2 | 3 | 4
--> 7 | 3 | 4 | 4 | 5
--> 8 | 3 | 4 | 4 | 5

SELECT id, count(*) OVER (ORDER BY x, id GROUPS 1 PRECEDING) AS single FROM t ORDER BY id;
--> id | single
--> 1 | 1
--> 2 | 2
--> 3 | 2
--> 4 | 2
--> 5 | 2
--> 6 | 2
--> 7 | 2
--> 8 | 2

SELECT count(*) OVER (GROUPS 1 PRECEDING) FROM t;
--! 42P20: GROUPS mode requires an ORDER BY clause

SELECT id, first_value(x) OVER (ORDER BY x GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_value FROM t ORDER BY id;
--> id | next_value
--> 1 | b
--> 2 | b
--> 3 | c
--> 4 | NULL
--> 5 | NULL
--> 6 | NULL
--> 7 | NULL
--> 8 | NULL

SELECT DISTINCT x, count(*) OVER (ORDER BY x GROUPS CURRENT ROW) AS size, max(x) OVER (ORDER BY x GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM t ORDER BY x;
--> x | size | before
--> a | 2 | NULL
--> b | 1 | a
--> c | 3 | b
--> NULL | 2 | c

SELECT id, count(*) OVER (PARTITION BY id % 2 ORDER BY x GROUPS 1 PRECEDING) AS in_part FROM t ORDER BY id;
--> id | in_part
--> 1 | 1
--> 2 | 1
--> 3 | 2
--> 4 | 3
--> 5 | 2
--> 6 | 3
--> 7 | 2
--> 8 | 3

SELECT count(*) OVER (ORDER BY x GROUPS -1 PRECEDING) FROM t;
--! 22013: frame starting offset must not be negative

SELECT count(*) OVER (ORDER BY x GROUPS x PRECEDING) FROM t;
--! 42804: argument of GROUPS must be type bigint, not type text
--~! 42P10: argument of GROUPS must not contain variables
