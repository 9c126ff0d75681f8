-- Hypothetical-set aggregates: orders, NULLs, groups, FILTER
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (g TEXT, x INTEGER, y TEXT);

INSERT INTO t VALUES ('a', 1, 'p'), ('a', 3, 'q'), ('a', 3, 'r'), ('a', NULL, 's'), ('b', 5, 'p'), ('b', 7, 'q');

SELECT g, rank(3) WITHIN GROUP (ORDER BY x), dense_rank(4) WITHIN GROUP (ORDER BY x), percent_rank(4) WITHIN GROUP (ORDER BY x), cume_dist(4) WITHIN GROUP (ORDER BY x) FROM t GROUP BY g ORDER BY g;
--> g | rank | dense_rank | percent_rank | cume_dist
--> a | 2 | 3 | 0.75 | 0.8
--> b | 1 | 1 | 0 | 0.3333333333333333

SELECT rank(3) WITHIN GROUP (ORDER BY x DESC) AS falling, rank(3) WITHIN GROUP (ORDER BY x DESC NULLS LAST) AS nulls_last, rank(NULL) WITHIN GROUP (ORDER BY x) AS null, rank(0) WITHIN GROUP (ORDER BY x NULLS FIRST) AS nulls_first FROM t;
--> falling | nulls_last | null | nulls_first
--> 4 | 3 | 6 | 2

SELECT rank(3, 'q') WITHIN GROUP (ORDER BY x, y DESC), dense_rank(3, 'z') WITHIN GROUP (ORDER BY x, y) FROM t;
--> rank | dense_rank
--> 3 | 4

SELECT rank(4) WITHIN GROUP (ORDER BY x) FILTER (WHERE g = 'a') AS some, percent_rank(4) WITHIN GROUP (ORDER BY x) FILTER (WHERE false) AS none FROM t;
--> some | none
--> 4 | 0

SELECT g, rank(length(g) + 2) WITHIN GROUP (ORDER BY x) FROM t GROUP BY g ORDER BY g;
--> g | rank
--> a | 2
--> b | 1

SELECT rank(1, 2) WITHIN GROUP (ORDER BY x) FROM t;
--! 42883: function rank(integer, integer, integer) does not exist

SELECT rank(1) FROM t;
--! 42809: WITHIN GROUP is required for ordered-set aggregate rank
