-- Running totals that begin anew: by month, by sign, at a bound
-- oracle: postgres
-- chapter: windows

CREATE TABLE flows (day DATE PRIMARY KEY, amount INTEGER);

INSERT INTO flows VALUES ('2024-01-30', 10), ('2024-01-31', -4), ('2024-02-01', 7), ('2024-02-02', 0), ('2024-02-03', -9), ('2024-03-01', 3);

SELECT day, sum(amount) OVER (ORDER BY day) AS all, sum(amount) OVER (PARTITION BY date_trunc('month', day) ORDER BY day) AS of_month FROM flows ORDER BY day;
--> day | all | of_month
--> 2024-01-30 | 10 | 10
--> 2024-01-31 | 6 | 6
--> 2024-02-01 | 13 | 7
--> 2024-02-02 | 13 | 7
--> 2024-02-03 | 4 | -2
--> 2024-03-01 | 7 | 3

SELECT day, sum(amount) OVER (ORDER BY day) - amount AS opening, sum(amount) OVER (ORDER BY day) AS closing FROM flows ORDER BY day;
--> day | opening | closing
--> 2024-01-30 | 0 | 10
--> 2024-01-31 | 10 | 6
--> 2024-02-01 | 6 | 13
--> 2024-02-02 | 13 | 13
--> 2024-02-03 | 13 | 4
--> 2024-03-01 | 4 | 7

SELECT to_char(day, 'YYYY-MM') AS month, sum(amount) AS amount, sum(sum(amount)) OVER (ORDER BY to_char(day, 'YYYY-MM')) AS running FROM flows GROUP BY 1 ORDER BY 1;
--> month | amount | running
--> 2024-01 | 6 | 6
--> 2024-02 | -2 | 4
--> 2024-03 | 3 | 7

SELECT day, sum(amount) FILTER (WHERE amount > 0) OVER (ORDER BY day) AS received, sum(amount) FILTER (WHERE amount < 0) OVER (ORDER BY day) AS paid FROM flows ORDER BY day;
--> day | received | paid
--> 2024-01-30 | 10 | NULL
--> 2024-01-31 | 10 | -4
--> 2024-02-01 | 17 | -4
--> 2024-02-02 | 17 | -4
--> 2024-02-03 | 17 | -13
--> 2024-03-01 | 20 | -13

SELECT day, sum(amount) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before, sum(amount) OVER (ORDER BY day ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS to_come FROM flows ORDER BY day;
--> day | before | to_come
--> 2024-01-30 | NULL | -3
--> 2024-01-31 | 10 | 1
--> 2024-02-01 | 6 | -6
--> 2024-02-02 | 13 | -6
--> 2024-02-03 | 13 | 3
--> 2024-03-01 | 4 | NULL

SELECT day, count(*) FILTER (WHERE amount < 0) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS period FROM flows ORDER BY day;
--> day | period
--> 2024-01-30 | 0
--> 2024-01-31 | 0
--> 2024-02-01 | 1
--> 2024-02-02 | 1
--> 2024-02-03 | 1
--> 2024-03-01 | 2

SELECT day, sum(amount) OVER (PARTITION BY period ORDER BY day) AS since_last_payment FROM (SELECT *, count(*) FILTER (WHERE amount < 0) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS period FROM flows) p ORDER BY day;
--> day | since_last_payment
--> 2024-01-30 | 10
--> 2024-01-31 | 6
--> 2024-02-01 | 7
--> 2024-02-02 | 7
--> 2024-02-03 | -2
--> 2024-03-01 | 3

SELECT min(day) AS first_above FROM (SELECT day, sum(amount) OVER (ORDER BY day) AS total FROM flows) t WHERE total > 12;
--> first_above
--> 2024-02-01

SELECT day, sum(amount) OVER (ORDER BY day ROWS 1 PRECEDING) AS two, avg(amount) OVER (ORDER BY day) AS mean FROM flows ORDER BY day;
--> day | two | mean
--> 2024-01-30 | 10 | 10.0000000000000000
--> 2024-01-31 | 6 | 3.0000000000000000
--> 2024-02-01 | 3 | 4.3333333333333333
--> 2024-02-02 | 7 | 3.2500000000000000
--> 2024-02-03 | -9 | 0.80000000000000000000
--> 2024-03-01 | -6 | 1.1666666666666667

SELECT day, (SELECT sum(amount) FROM flows x WHERE x.day <= f.day) AS by_subquery FROM flows f ORDER BY day;
--> day | by_subquery
--> 2024-01-30 | 10
--> 2024-01-31 | 6
--> 2024-02-01 | 13
--> 2024-02-02 | 13
--> 2024-02-03 | 4
--> 2024-03-01 | 7

SELECT a.day, sum(b.amount) AS by_join FROM flows a JOIN flows b ON b.day <= a.day GROUP BY a.day ORDER BY 1;
--> day | by_join
--> 2024-01-30 | 10
--> 2024-01-31 | 6
--> 2024-02-01 | 13
--> 2024-02-02 | 13
--> 2024-02-03 | 4
--> 2024-03-01 | 7

SELECT day, bool_and(amount >= 0) OVER (ORDER BY day) AS never_paid, string_agg(amount::text, ' ') OVER (ORDER BY day) AS so_far, array_agg(amount) OVER (ORDER BY day ROWS 1 PRECEDING) AS last FROM flows ORDER BY day;
--> day | never_paid | so_far | last
--> 2024-01-30 | t | 10 | {10}
--> 2024-01-31 | f | 10 -4 | {10,-4}
--> 2024-02-01 | f | 10 -4 7 | {-4,7}
--> 2024-02-02 | f | 10 -4 7 0 | {7,0}
--> 2024-02-03 | f | 10 -4 7 0 -9 | {0,-9}
--> 2024-03-01 | f | 10 -4 7 0 -9 3 | {-9,3}
