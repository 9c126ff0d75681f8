-- RANGE over numbers, texts and blobs in one column, distances of other kinds, GROUPS without an order
-- oracle: sqlite
-- chapter: windows

CREATE TABLE w (id INTEGER PRIMARY KEY, x);

INSERT INTO w VALUES (1, 1), (2, 2), (3, 2), (4, 5), (5, NULL), (6, 2.5), (7, 'a'), (8, 'b'), (9, x'01'), (10, 'a');

SELECT id, count(*) OVER (ORDER BY x RANGE 1 PRECEDING) AS before, count(*) OVER (ORDER BY x RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING) AS behind, count(*) OVER (ORDER BY x DESC RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS around FROM w ORDER BY id;
--> id | before | behind | around
--> 1 | 1 | 3 | 3
--> 2 | 3 | 3 | 4
--> 3 | 3 | 3 | 4
--> 4 | 1 | 1 | 1
--> 5 | 1 | 1 | 1
--> 6 | 3 | 1 | 3
--> 7 | 2 | 2 | 2
--> 8 | 1 | 1 | 1
--> 9 | 1 | 1 | 1
--> 10 | 2 | 2 | 2

SELECT id, count(*) OVER (ORDER BY x RANGE BETWEEN 2 FOLLOWING AND 3 FOLLOWING) AS far, count(*) OVER (ORDER BY x DESC RANGE BETWEEN 3 PRECEDING AND 1 PRECEDING) AS down, count(*) OVER (ORDER BY x RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS up_to FROM w ORDER BY id;
--> id | far | down | up_to
--> 1 | 0 | 3 | 4
--> 2 | 1 | 1 | 5
--> 3 | 1 | 1 | 5
--> 4 | 0 | 0 | 6
--> 5 | 1 | 1 | 1
--> 6 | 1 | 1 | 5
--> 7 | 2 | 2 | 8
--> 8 | 1 | 1 | 9
--> 9 | 1 | 1 | 10
--> 10 | 2 | 2 | 8

SELECT id, count(*) OVER (ORDER BY id ROWS '1' PRECEDING) AS of_text, count(*) OVER (ORDER BY id ROWS 2.0 PRECEDING) AS of_real FROM w ORDER BY id LIMIT 3;
--> id | of_text | of_real
--> 1 | 1 | 1
--> 2 | 2 | 2
--> 3 | 2 | 3

SELECT count(*) OVER (ORDER BY id ROWS NULL PRECEDING) FROM w;
--! frame starting offset must be a non-negative integer

SELECT count(*) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 'y' FOLLOWING) FROM w;
--! frame ending offset must be a non-negative integer

SELECT count(*) OVER (ORDER BY id RANGE 'x' PRECEDING) FROM w;
--! frame starting offset must be a non-negative number

SELECT count(*) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND -1 FOLLOWING) FROM w;
--! frame ending offset must be a non-negative number

SELECT count(*) OVER (ORDER BY id GROUPS 1.5 PRECEDING) FROM w;
--! frame starting offset must be a non-negative integer

SELECT id, count(*) OVER (GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS n, sum(id) OVER (GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS none FROM w ORDER BY id LIMIT 2;
--> id | n | none
--> 1 | 10 | NULL
--> 2 | 10 | NULL
