-- Counts of distinct values: of groups, of rows, over time
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE visits (day DATE, who TEXT, page TEXT);

INSERT INTO visits VALUES ('2024-01-01', 'ann', 'a'), ('2024-01-01', 'ann', 'b'), ('2024-01-01', 'bob', 'a'), ('2024-01-02', 'ann', 'a'), ('2024-01-02', 'cyd', NULL), ('2024-01-03', NULL, 'b'), ('2024-01-03', 'bob', 'b');

SELECT day, count(*) AS visits, count(DISTINCT who) AS people, count(DISTINCT page) AS pages FROM visits GROUP BY day ORDER BY day;
--> day | visits | people | pages
--> 2024-01-01 | 3 | 2 | 2
--> 2024-01-02 | 2 | 2 | 1
--> 2024-01-03 | 2 | 1 | 1

SELECT count(DISTINCT (who, page)) AS pairs, count(DISTINCT who) AS people FROM visits;
--> pairs | people
--> 6 | 3

SELECT count(*) FROM (SELECT DISTINCT who, page FROM visits) d;
--> count
--> 6

SELECT day, count(*) FILTER (WHERE first) AS new, sum(count(*) FILTER (WHERE first)) OVER (ORDER BY day) AS so_far FROM (SELECT day, row_number() OVER (PARTITION BY who ORDER BY day) = 1 AS first FROM visits WHERE who IS NOT NULL) v GROUP BY day ORDER BY day;
--> day | new | so_far
--> 2024-01-01 | 2 | 2
--> 2024-01-02 | 1 | 3
--> 2024-01-03 | 0 | 3

SELECT d.day, (SELECT count(DISTINCT who) FROM visits v WHERE v.day <= d.day) AS so_far FROM (SELECT DISTINCT day FROM visits) d ORDER BY 1;
--> day | so_far
--> 2024-01-01 | 2
--> 2024-01-02 | 3
--> 2024-01-03 | 3

SELECT count(DISTINCT who) OVER (ORDER BY day) FROM visits;
--! 0A000: DISTINCT is not implemented for window functions

SELECT day, max(rank) AS people FROM (SELECT day, dense_rank() OVER (PARTITION BY day ORDER BY who) AS rank FROM visits WHERE who IS NOT NULL) r GROUP BY day ORDER BY 1;
--> day | people
--> 2024-01-01 | 2
--> 2024-01-02 | 2
--> 2024-01-03 | 1

SELECT array_agg(DISTINCT who ORDER BY who) AS who, string_agg(DISTINCT page, ',' ORDER BY page DESC) AS pages FROM visits;
--> who | pages
--> {ann,bob,cyd,NULL} | b,a

SELECT sum(DISTINCT length(who)) AS lengths, avg(DISTINCT length(page)) AS mean FROM visits;
--> lengths | mean
--> 3 | 1.00000000000000000000

SELECT who, count(DISTINCT day) AS days FROM visits GROUP BY who HAVING count(DISTINCT day) > 1 ORDER BY who;
--> who | days
--> ann | 2
--> bob | 2

SELECT a.day, count(DISTINCT a.who) AS came_back FROM visits a JOIN visits b ON b.who = a.who AND b.day = a.day - 1 GROUP BY a.day ORDER BY 1;
--> day | came_back
--> 2024-01-02 | 1

SELECT count(DISTINCT who) FILTER (WHERE page = 'a') AS of_a, count(DISTINCT page) FILTER (WHERE who = 'ann') AS of_ann FROM visits;
--> of_a | of_ann
--> 2 | 2

SELECT string_agg(DISTINCT who, ',' ORDER BY page) FROM visits;
--! 42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list

SELECT count(DISTINCT *) FROM visits;
--! 42601: syntax error at or near "*"
