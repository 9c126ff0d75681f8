-- row_number, rank, dense_rank, ntile, percent_rank and cume_dist where values are tied
-- oracle: sqlite
-- chapter: windows

CREATE TABLE scores (name TEXT, points INTEGER);

INSERT INTO scores VALUES ('a', 9), ('b', 7), ('c', 7), ('d', 7), ('e', 3), ('f', NULL);

SELECT name, points, row_number() OVER (ORDER BY points DESC, name) AS number, rank() OVER w AS rank, dense_rank() OVER w AS dense FROM scores WINDOW w AS (ORDER BY points DESC) ORDER BY number;
--> name | points | number | rank | dense
--> a | 9 | 1 | 1 | 1
--> b | 7 | 2 | 2 | 2
--> c | 7 | 3 | 2 | 2
--> d | 7 | 4 | 2 | 2
--> e | 3 | 5 | 5 | 3
--> f | NULL | 6 | 6 | 4

SELECT name, rank() OVER (ORDER BY points) AS nulls_first, rank() OVER (ORDER BY points NULLS LAST) AS nulls_last FROM scores ORDER BY name;
--> name | nulls_first | nulls_last
--> a | 6 | 5
--> b | 3 | 2
--> c | 3 | 2
--> d | 3 | 2
--> e | 2 | 1
--> f | 1 | 6

SELECT name, percent_rank() OVER w AS percent, cume_dist() OVER w AS cume FROM scores WINDOW w AS (ORDER BY points) ORDER BY name;
--> name | percent | cume
--> a | 1.0 | 1.0
--> b | 0.4 | 0.8333333333333334
--> c | 0.4 | 0.8333333333333334
--> d | 0.4 | 0.8333333333333334
--> e | 0.2 | 0.3333333333333333
--> f | 0.0 | 0.16666666666666666

SELECT name, ntile(4) OVER (ORDER BY name) AS quarter, ntile(10) OVER (ORDER BY name) AS tenth, ntile(1) OVER (ORDER BY name) AS one FROM scores ORDER BY name;
--> name | quarter | tenth | one
--> a | 1 | 1 | 1
--> b | 1 | 2 | 1
--> c | 2 | 3 | 1
--> d | 2 | 4 | 1
--> e | 3 | 5 | 1
--> f | 4 | 6 | 1

SELECT ntile(0) OVER (ORDER BY name) FROM scores;
--! argument of ntile must be a positive integer

SELECT name, rank() OVER () AS rank, count(*) OVER () AS whole FROM scores ORDER BY name LIMIT 2;
--> name | rank | whole
--> a | 1 | 6
--> b | 1 | 6

SELECT name, sum(points) OVER (ORDER BY points) AS peers, sum(points) OVER (ORDER BY points, name) AS single, sum(points) OVER (ORDER BY points ROWS UNBOUNDED PRECEDING) IS NOT NULL AS rows FROM scores ORDER BY points, name;
--> name | peers | single | rows
--> f | NULL | NULL | 0
--> e | 3 | 3 | 1
--> b | 24 | 10 | 1
--> c | 24 | 17 | 1
--> d | 24 | 24 | 1
--> a | 33 | 33 | 1

SELECT DISTINCT points, dense_rank() OVER (ORDER BY points) AS dense FROM scores ORDER BY points;
--> points | dense
--> NULL | 1
--> 3 | 2
--> 7 | 3
--> 9 | 4

SELECT points, count(*) AS n, rank() OVER (ORDER BY count(*) DESC) AS by_count FROM scores GROUP BY points ORDER BY 3, 1;
--> points | n | by_count
--> 7 | 3 | 1
--> NULL | 1 | 2
--> 3 | 1 | 2
--> 9 | 1 | 2

SELECT name FROM (SELECT name, row_number() OVER (PARTITION BY points ORDER BY name) AS n FROM scores) WHERE n = 1 ORDER BY name;
--> name
--> a
--> b
--> e
--> f

SELECT name FROM scores WHERE rank() OVER (ORDER BY points) = 1;
--! misuse of window function rank()

SELECT rank() FROM scores;
--! misuse of window function rank()

SELECT name, rank() OVER (ORDER BY length(name), points DESC NULLS LAST) AS expression, rank() OVER (PARTITION BY points > 5 ORDER BY name) AS in_part FROM scores ORDER BY name;
--> name | expression | in_part
--> a | 1 | 1
--> b | 2 | 2
--> c | 2 | 3
--> d | 2 | 4
--> e | 5 | 1
--> f | 6 | 1

SELECT name, lag(points) OVER (ORDER BY points, name) IS points AS tied FROM scores ORDER BY points, name;
--> name | tied
--> f | 1
--> e | 0
--> b | 0
--> c | 1
--> d | 1
--> a | 0
