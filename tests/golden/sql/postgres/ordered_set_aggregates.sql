-- mode, percentiles and hypothetical ranks
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE p (g INTEGER, x INTEGER);

INSERT INTO p VALUES (1, 10), (1, 20), (1, 20), (1, 40), (2, 5), (2, NULL);

SELECT mode() WITHIN GROUP (ORDER BY x), percentile_cont(0.5) WITHIN GROUP (ORDER BY x), percentile_disc(0.5) WITHIN GROUP (ORDER BY x) FROM p;
--> mode | percentile_cont | percentile_disc
--> 20 | 20 | 20

SELECT g, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM p GROUP BY g ORDER BY g;
--> g | percentile_cont
--> 1 | 20
--> 2 | 5

SELECT percentile_cont(ARRAY[0, 0.25, 1]) WITHIN GROUP (ORDER BY x), percentile_disc(ARRAY[0.1, NULL]) WITHIN GROUP (ORDER BY x) FROM p;
--> percentile_cont | percentile_disc
--> {5,10,40} | {5,NULL}

SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY x DESC) FROM p;
--> percentile_disc
--> 20

SELECT percentile_cont(1.5) WITHIN GROUP (ORDER BY x) FROM p;
--! 22003: percentile value 1.5 is not between 0 and 1

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM p WHERE false;
--> percentile_cont
--> NULL

SELECT rank(20) WITHIN GROUP (ORDER BY x), dense_rank(20) WITHIN GROUP (ORDER BY x), percent_rank(20) WITHIN GROUP (ORDER BY x), cume_dist(20) WITHIN GROUP (ORDER BY x) FROM p;
--> rank | dense_rank | percent_rank | cume_dist
--> 3 | 3 | 0.3333333333333333 | 0.7142857142857143

SELECT percentile_cont(0.5) FROM p;
--! 42883: function percentile_cont(numeric) does not exist

SELECT sum(x) WITHIN GROUP (ORDER BY x) FROM p;
--! 42883: function sum(integer, integer) does not exist

SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY s) FROM (VALUES ('a'), ('b'), ('c')) v(s);
--> percentile_disc
--> b

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY i) FROM (VALUES (interval '1 day'), ('3 days')) v(i);
--> percentile_cont
--> 2 days

SELECT mode() WITHIN GROUP (ORDER BY x) FILTER (WHERE x < 20) FROM p;
--> mode
--> 5
