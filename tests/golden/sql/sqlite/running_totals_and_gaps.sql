-- Running totals, moving averages, gaps and islands
-- oracle: sqlite
-- chapter: windows

CREATE TABLE flows (day TEXT PRIMARY KEY, amount INTEGER);

INSERT INTO flows VALUES ('2024-01-30', 10), ('2024-01-31', -4), ('2024-02-01', 7), ('2024-02-04', -9), ('2024-02-05', 3), ('2024-02-09', 1);

SELECT day, sum(amount) OVER (ORDER BY day) AS total, sum(amount) OVER (PARTITION BY strftime('%Y-%m', day) ORDER BY day) AS of_month FROM flows ORDER BY day;
--> day | total | of_month
--> 2024-01-30 | 10 | 10
--> 2024-01-31 | 6 | 6
--> 2024-02-01 | 13 | 7
--> 2024-02-04 | 4 | -2
--> 2024-02-05 | 7 | 1
--> 2024-02-09 | 8 | 2

SELECT day, round(avg(amount) OVER (ORDER BY day ROWS 2 PRECEDING), 4) AS moving, sum(amount) OVER (ORDER BY julianday(day) RANGE 3 PRECEDING) AS three_days FROM flows ORDER BY day;
--> day | moving | three_days
--> 2024-01-30 | 10.0 | 10
--> 2024-01-31 | 3.0 | 6
--> 2024-02-01 | 4.3333 | 13
--> 2024-02-04 | -2.0 | -2
--> 2024-02-05 | 0.3333 | -6
--> 2024-02-09 | -1.6667 | 1

SELECT min(day) AS since, max(day) AS until, count(*) AS days FROM (SELECT day, julianday(day) - row_number() OVER (ORDER BY day) AS run FROM flows) GROUP BY run ORDER BY since;
--> since | until | days
--> 2024-01-30 | 2024-02-01 | 3
--> 2024-02-04 | 2024-02-05 | 2
--> 2024-02-09 | 2024-02-09 | 1

SELECT date(day, '+1 day') AS since, date(next, '-1 day') AS until FROM (SELECT day, lead(day) OVER (ORDER BY day) AS next FROM flows) WHERE julianday(next) - julianday(day) > 1 ORDER BY since;
--> since | until
--> 2024-02-02 | 2024-02-03
--> 2024-02-06 | 2024-02-08

SELECT day, amount - lag(amount) OVER w AS change, amount - lag(amount, 2, 0) OVER w AS of_two, lead(amount, 1, 'none') OVER w AS next FROM flows WINDOW w AS (ORDER BY day) ORDER BY day;
--> day | change | of_two | next
--> 2024-01-30 | NULL | 10 | -4
--> 2024-01-31 | -14 | -4 | 7
--> 2024-02-01 | 11 | -3 | -9
--> 2024-02-04 | -16 | -5 | 3
--> 2024-02-05 | 12 | -4 | 1
--> 2024-02-09 | -2 | 10 | none

SELECT day, max(total) OVER (ORDER BY day) AS high, total - max(total) OVER (ORDER BY day) AS drawdown FROM (SELECT day, sum(amount) OVER (ORDER BY day) AS total FROM flows) ORDER BY day;
--> day | high | drawdown
--> 2024-01-30 | 10 | 0
--> 2024-01-31 | 10 | -4
--> 2024-02-01 | 13 | 0
--> 2024-02-04 | 13 | -9
--> 2024-02-05 | 13 | -6
--> 2024-02-09 | 13 | -5

SELECT strftime('%m', day) AS month, sum(amount) AS amount, sum(sum(amount)) OVER (ORDER BY strftime('%m', day)) AS running FROM flows GROUP BY 1 ORDER BY 1;
--> month | amount | running
--> 01 | 6 | 6
--> 02 | 2 | 8

SELECT day, count(*) FILTER (WHERE amount < 0) OVER (ORDER BY day) AS payments, sum(amount) FILTER (WHERE amount > 0) OVER (ORDER BY day) AS received FROM flows ORDER BY day;
--> day | payments | received
--> 2024-01-30 | 0 | 10
--> 2024-01-31 | 1 | 10
--> 2024-02-01 | 1 | 17
--> 2024-02-04 | 2 | 17
--> 2024-02-05 | 2 | 20
--> 2024-02-09 | 2 | 21

SELECT amount > 0 AS up, count(*) AS length, min(day) AS since FROM (SELECT *, row_number() OVER (ORDER BY day) - row_number() OVER (PARTITION BY amount > 0 ORDER BY day) AS run FROM flows) GROUP BY up, run ORDER BY since;
--> up | length | since
--> 1 | 1 | 2024-01-30
--> 0 | 1 | 2024-01-31
--> 1 | 1 | 2024-02-01
--> 0 | 1 | 2024-02-04
--> 1 | 2 | 2024-02-05

SELECT day, first_value(day) OVER (ORDER BY amount DESC) AS best, last_value(day) OVER (ORDER BY amount DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS worst FROM flows ORDER BY day LIMIT 2;
--> day | best | worst
--> 2024-01-30 | 2024-01-30 | 2024-02-04
--> 2024-01-31 | 2024-01-30 | 2024-02-04

SELECT round(100.0 * amount / sum(amount) OVER (), 1) AS percent, round(1.0 * sum(amount) OVER (ORDER BY amount DESC) / sum(amount) OVER (), 3) AS cumulative FROM flows WHERE amount > 0 ORDER BY amount DESC;
--> percent | cumulative
--> 47.6 | 0.476
--> 33.3 | 0.81
--> 14.3 | 0.952
--> 4.8 | 1.0
