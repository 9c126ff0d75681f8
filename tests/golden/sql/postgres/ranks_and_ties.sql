-- row_number, rank, dense_rank and ntile where values are tied
-- oracle: postgres
-- chapter: windows

CREATE TABLE scores (name TEXT, points INTEGER);

INSERT INTO scores VALUES ('a', 9), ('b', 7), ('c', 7), ('d', 7), ('e', 3), ('f', NULL), ('g', 1);

SELECT name, points, row_number() OVER (ORDER BY points DESC NULLS LAST, name) AS number, rank() OVER w AS rank, dense_rank() OVER w AS dense FROM scores WINDOW w AS (ORDER BY points DESC NULLS LAST) ORDER BY 3;
--> name | points | number | rank | dense
--> a | 9 | 1 | 1 | 1
--> b | 7 | 2 | 2 | 2
--> c | 7 | 3 | 2 | 2
--> d | 7 | 4 | 2 | 2
--> e | 3 | 5 | 5 | 3
--> g | 1 | 6 | 6 | 4
--> f | NULL | 7 | 7 | 5

SELECT name, rank() OVER (ORDER BY points DESC) AS nulls_first FROM scores ORDER BY 2, 1;
--> name | nulls_first
--> f | 1
--> a | 2
--> b | 3
--> c | 3
--> d | 3
--> e | 6
--> g | 7

SELECT name, ntile(3) OVER (ORDER BY name) AS third, ntile(10) OVER (ORDER BY name) AS tenth FROM scores ORDER BY 1;
--> name | third | tenth
--> a | 1 | 1
--> b | 1 | 2
--> c | 1 | 3
--> d | 2 | 4
--> e | 2 | 5
--> f | 3 | 6
--> g | 3 | 7

SELECT ntile(0) OVER (ORDER BY name) FROM scores;
--! 22014: argument of ntile must be greater than zero

SELECT name, rank() OVER () AS rank, dense_rank() OVER () AS dense, cume_dist() OVER () AS all FROM scores ORDER BY name LIMIT 2;
--> name | rank | dense | all
--> a | 1 | 1 | 1
--> b | 1 | 1 | 1

SELECT points, count(*), min(rank) FROM (SELECT points, rank() OVER (ORDER BY points) AS rank FROM scores) r GROUP BY points ORDER BY 3;
--> points | count | min
--> 1 | 1 | 1
--> 3 | 1 | 2
--> 7 | 3 | 3
--> 9 | 1 | 6
--> NULL | 1 | 7

SELECT name, count(*) OVER (ORDER BY points) AS up_to, count(*) OVER (ORDER BY points ROWS UNBOUNDED PRECEDING) > 0 AS some, count(points) OVER (ORDER BY points) AS known FROM scores ORDER BY points, name;
--> name | up_to | some | known
--> g | 1 | t | 1
--> e | 2 | t | 2
--> b | 5 | t | 5
--> c | 5 | t | 5
--> d | 5 | t | 5
--> a | 6 | t | 6
--> f | 7 | t | 6

SELECT name, sum(points) OVER (ORDER BY points) AS peers, sum(points) OVER (ORDER BY points, name) AS single FROM scores ORDER BY points, name;
--> name | peers | single
--> g | 1 | 1
--> e | 4 | 4
--> b | 25 | 11
--> c | 25 | 18
--> d | 25 | 25
--> a | 34 | 34
--> f | 34 | 34

SELECT points, percent_rank() OVER (ORDER BY points) FROM (SELECT points FROM scores WHERE points = 9) s;
--> points | percent_rank
--> 9 | 0

SELECT DISTINCT points, dense_rank() OVER (ORDER BY points) AS dense FROM scores ORDER BY points;
--> points | dense
--> 1 | 1
--> 3 | 2
--> 7 | 3
--> 9 | 4
--> NULL | 5

SELECT points, rank() OVER (ORDER BY count(*) DESC) AS by_count FROM scores GROUP BY points ORDER BY 2, 1;
--> points | by_count
--> 7 | 1
--> 1 | 2
--> 3 | 2
--> 9 | 2
--> NULL | 2

SELECT name FROM (SELECT name, dense_rank() OVER (ORDER BY points DESC NULLS LAST) AS d FROM scores) r WHERE d = 2 ORDER BY name;
--> name
--> b
--> c
--> d

SELECT name, points, lag(points) OVER (ORDER BY points, name) IS NOT DISTINCT FROM points AS tied FROM scores ORDER BY points, name;
--> name | points | tied
--> g | 1 | f
--> e | 3 | f
--> b | 7 | f
--> c | 7 | t
--> d | 7 | t
--> a | 9 | f
--> f | NULL | f

SELECT rank() FROM scores;
--! 42809: window function rank requires an OVER clause

SELECT rank(points) OVER (ORDER BY points) FROM scores;
--! 42809: WITHIN GROUP is required for ordered-set aggregate rank
--~! 42883: function rank(integer) does not exist
