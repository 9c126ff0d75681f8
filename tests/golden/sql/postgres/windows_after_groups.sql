-- Windows over groups, beside DISTINCT, LIMIT, UNION and subqueries
-- oracle: postgres
-- chapter: windows

CREATE TABLE s (day INTEGER, region TEXT, amount INTEGER);

INSERT INTO s VALUES (1, 'n', 10), (1, 's', 5), (2, 'n', 20), (2, 'n', 1), (3, 's', NULL), (3, 'w', 7);

SELECT region, sum(amount) AS total, rank() OVER (ORDER BY sum(amount) DESC NULLS LAST) AS place, round(100.0 * sum(amount) / sum(sum(amount)) OVER (), 1) AS percent FROM s GROUP BY region ORDER BY place;
--> region | total | place | percent
--> n | 31 | 1 | 72.1
--> w | 7 | 2 | 16.3
--> s | 5 | 3 | 11.6

SELECT day, count(*) AS n, sum(count(*)) OVER (ORDER BY day) AS so_far, lag(sum(amount)) OVER (ORDER BY day) AS before FROM s GROUP BY day ORDER BY day;
--> day | n | so_far | before
--> 1 | 2 | 2 | NULL
--> 2 | 2 | 4 | 15
--> 3 | 2 | 6 | 21

SELECT region, day, sum(amount) AS amount, max(sum(amount)) OVER (PARTITION BY region) AS best FROM s GROUP BY region, day ORDER BY region, day;
--> region | day | amount | best
--> n | 1 | 10 | 21
--> n | 2 | 21 | 21
--> s | 1 | 5 | 5
--> s | 3 | NULL | 5
--> w | 3 | 7 | 7

SELECT DISTINCT region, count(*) OVER (PARTITION BY region) AS n FROM s ORDER BY region;
--> region | n
--> n | 3
--> s | 2
--> w | 1

SELECT DISTINCT count(*) OVER (PARTITION BY region) AS n FROM s ORDER BY n;
--> n
--> 1
--> 2
--> 3

SELECT region, row_number() OVER (ORDER BY region, day, amount) AS n FROM s ORDER BY n LIMIT 2;
--> region | n
--> n | 1
--> n | 2

SELECT count(*) OVER () AS whole, region FROM s ORDER BY region, day LIMIT 1;
--> whole | region
--> 6 | n

SELECT region, first_value(amount) OVER w AS first, last_value(amount) OVER w AS last, nth_value(amount, 2) OVER w AS second FROM s WINDOW w AS (PARTITION BY region ORDER BY day, amount ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY region, day, amount;
--> region | first | last | second
--> n | 10 | 20 | 1
--> n | 10 | 20 | 1
--> n | 10 | 20 | 1
--> s | 5 | NULL | NULL
--> s | 5 | NULL | NULL
--> w | 7 | 7 | NULL

SELECT region FROM s GROUP BY region HAVING sum(amount) > 6 ORDER BY row_number() OVER (ORDER BY region DESC);
--> region
--> w
--> n

SELECT sum(amount) FILTER (WHERE region = 'n') OVER (ORDER BY day) AS north, day FROM s ORDER BY day, north;
--> north | day
--> 10 | 1
--> 10 | 1
--> 31 | 2
--> 31 | 2
--> 31 | 3
--> 31 | 3

SELECT n FROM (SELECT row_number() OVER (ORDER BY day, region, amount) AS n FROM s UNION ALL SELECT 100) u ORDER BY n DESC LIMIT 2;
--> n
--> 100
--> 6

SELECT region, (SELECT count(*) FROM s x WHERE x.region = s.region) AS sub, count(*) OVER (PARTITION BY region) AS win FROM s ORDER BY region, day, amount;
--> region | sub | win
--> n | 3 | 3
--> n | 3 | 3
--> n | 3 | 3
--> s | 2 | 2
--> s | 2 | 2
--> w | 1 | 1

SELECT sum(row_number() OVER ()) FROM s;
--! 42803: aggregate function calls cannot contain window function calls

SELECT row_number() OVER (ORDER BY sum(amount) OVER ()) FROM s;
--! 42P20: window functions are not allowed in window definitions

SELECT region, sum(amount) OVER (ORDER BY day) FROM s GROUP BY region;
--! 42803: column "s.amount" must appear in the GROUP BY clause or be used in an aggregate function
--~! 42803: column "s.day" must appear in the GROUP BY clause or be used in an aggregate function

SELECT grouping(region) AS g, region, sum(amount) AS total, sum(sum(amount)) OVER (ORDER BY grouping(region), region) AS running FROM s GROUP BY ROLLUP (region) ORDER BY g, region;
--> g | region | total | running
--> 0 | n | 31 | 31
--> 0 | s | 5 | 36
--> 0 | w | 7 | 43
--> 1 | NULL | 43 | 86

SELECT day, avg(avg(amount)) OVER (ORDER BY day ROWS 1 PRECEDING) AS smooth FROM s GROUP BY day ORDER BY day;
--> day | smooth
--> 1 | 7.5000000000000000
--> 2 | 9.0000000000000000
--> 3 | 8.7500000000000000

SELECT region, count(*) AS n, ntile(2) OVER (ORDER BY count(*) DESC, region) AS half, cume_dist() OVER (ORDER BY count(*)) AS share FROM s GROUP BY region ORDER BY region;
--> region | n | half | share
--> n | 3 | 1 | 1
--> s | 2 | 1 | 0.6666666666666666
--> w | 1 | 2 | 0.3333333333333333

SELECT day, array_agg(region ORDER BY region) AS regions, lead(array_agg(region ORDER BY region)) OVER (ORDER BY day) AS next FROM s GROUP BY day ORDER BY day;
--> day | regions | next
--> 1 | {n,s} | {n,n}
--> 2 | {n,n} | {s,w}
--> 3 | {s,w} | NULL
