-- Windows over groups, beside DISTINCT, LIMIT, compounds and subqueries
-- oracle: sqlite
-- chapter: windows

CREATE TABLE s (day INTEGER, region TEXT, amount INTEGER);

INSERT INTO s VALUES (1, 'n', 10), (1, 's', 5), (2, 'n', 20), (2, 'n', 1), (3, 's', NULL), (3, 'w', 7);

SELECT region, sum(amount) AS total, rank() OVER (ORDER BY sum(amount) DESC) AS place, round(100.0 * sum(amount) / sum(sum(amount)) OVER (), 1) AS percent FROM s GROUP BY region ORDER BY place;
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

SELECT region, row_number() OVER (ORDER BY region, day, amount) AS n FROM s ORDER BY n LIMIT 2;
--> region | n
--> n | 1
--> n | 2

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

SELECT day, sum(amount) FILTER (WHERE region = 'n') OVER (ORDER BY day) AS north FROM s ORDER BY day, north;
--> day | north
--> 1 | 10
--> 1 | 10
--> 2 | 31
--> 2 | 31
--> 3 | 31
--> 3 | 31

SELECT region, (SELECT count(*) FROM s x WHERE x.region = s.region) AS sub, count(*) OVER (PARTITION BY region) AS win FROM s ORDER BY region, day, amount;
--> region | sub | win
--> n | 3 | 3
--> n | 3 | 3
--> n | 3 | 3
--> s | 2 | 2
--> s | 2 | 2
--> w | 1 | 1

SELECT sum(row_number() OVER ()) FROM s;
--! misuse of window function row_number()

SELECT row_number() OVER (ORDER BY sum(amount) OVER ()) FROM s;
--! misuse of window function sum()

SELECT day, avg(avg(amount)) OVER (ORDER BY day ROWS 1 PRECEDING) AS smooth FROM s GROUP BY day ORDER BY day;
--> day | smooth
--> 1 | 7.5
--> 2 | 9.0
--> 3 | 8.75

SELECT region, count(*) AS n, ntile(2) OVER (ORDER BY count(*) DESC, region) AS half FROM s GROUP BY region ORDER BY region;
--> region | n | half
--> n | 3 | 1
--> s | 2 | 1
--> w | 1 | 2

SELECT n FROM (SELECT row_number() OVER (ORDER BY day, region, amount) AS n FROM s UNION ALL SELECT 100) ORDER BY n DESC LIMIT 2;
--> n
--> 100
--> 6

SELECT region, total(amount) OVER (PARTITION BY region ORDER BY day RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS t FROM s ORDER BY region, day, amount;
--> region | t
--> n | 10.0
--> n | 31.0
--> n | 31.0
--> s | 5.0
--> s | 5.0
--> w | 7.0

SELECT day, region, amount - avg(amount) OVER (PARTITION BY day) AS off, amount * 1.0 / sum(amount) OVER (PARTITION BY day) AS share FROM s WHERE amount IS NOT NULL ORDER BY day, region, amount;
--> day | region | off | share
--> 1 | n | 2.5 | 0.6666666666666666
--> 1 | s | -2.5 | 0.3333333333333333
--> 2 | n | -9.5 | 0.047619047619047616
--> 2 | n | 9.5 | 0.9523809523809523
--> 3 | w | 0.0 | 1.0

SELECT region, group_concat(amount, '+') OVER (PARTITION BY region ORDER BY day, amount) AS so_far FROM s WHERE amount IS NOT NULL ORDER BY region, day, amount;
--> region | so_far
--> n | 10
--> n | 10+1
--> n | 10+1+20
--> s | 5
--> w | 7

SELECT max(n) AS most FROM (SELECT count(*) OVER (PARTITION BY region) AS n FROM s);
--> most
--> 3

SELECT region, lead(amount, 1, -1) OVER w AS next, lag(amount, 2) OVER w AS two_before, lag(amount, 0) OVER w AS own FROM s WINDOW w AS (ORDER BY day, region, amount) ORDER BY day, region, amount;
--> region | next | two_before | own
--> n | 5 | NULL | 10
--> s | 1 | NULL | 5
--> n | 20 | 10 | 1
--> n | NULL | 5 | 20
--> s | 7 | 1 | NULL
--> w | -1 | 20 | 7
