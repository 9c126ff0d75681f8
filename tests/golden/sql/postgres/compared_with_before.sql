-- Compared with the month and the year before
-- oracle: postgres
-- chapter: windows

CREATE TABLE sales (month DATE, region TEXT, amount INTEGER);

INSERT INTO sales SELECT (date '2022-11-01' + n * interval '1 month')::date, CASE n % 2 WHEN 0 THEN 'n' ELSE 's' END, 100 + n * 7 % 40 FROM generate_series(0, 15) n;

SELECT month, amount, amount - lag(amount) OVER (ORDER BY month) AS change, amount - lag(amount, 12) OVER (ORDER BY month) AS change_in_year FROM sales ORDER BY month LIMIT 14;
--> month | amount | change | change_in_year
--> 2022-11-01 | 100 | NULL | NULL
--> 2022-12-01 | 107 | 7 | NULL
--> 2023-01-01 | 114 | 7 | NULL
--> 2023-02-01 | 121 | 7 | NULL
--> 2023-03-01 | 128 | 7 | NULL
--> 2023-04-01 | 135 | 7 | NULL
--> 2023-05-01 | 102 | -33 | NULL
--> 2023-06-01 | 109 | 7 | NULL
--> 2023-07-01 | 116 | 7 | NULL
--> 2023-08-01 | 123 | 7 | NULL
--> 2023-09-01 | 130 | 7 | NULL
--> 2023-10-01 | 137 | 7 | NULL
--> 2023-11-01 | 104 | -33 | 4
--> 2023-12-01 | 111 | 7 | 4

SELECT s.month, s.amount, p.amount AS year_before FROM sales s LEFT JOIN sales p ON p.month = s.month - interval '1 year' WHERE s.month >= '2023-11-01' ORDER BY 1;
--> month | amount | year_before
--> 2023-11-01 | 104 | 100
--> 2023-12-01 | 111 | 107
--> 2024-01-01 | 118 | 114
--> 2024-02-01 | 125 | 121

SELECT extract(year FROM month) AS year, extract(quarter FROM month) AS quarter, sum(amount) FROM sales GROUP BY 1, 2 ORDER BY 1, 2;
--> year | quarter | sum
--> 2022 | 4 | 207
--> 2023 | 1 | 363
--> 2023 | 2 | 346
--> 2023 | 3 | 369
--> 2023 | 4 | 352
--> 2024 | 1 | 243

SELECT year, total, lag(total) OVER (ORDER BY year) AS before, round(100.0 * total / lag(total) OVER (ORDER BY year) - 100, 1) AS percent FROM (SELECT extract(year FROM month)::integer AS year, sum(amount) AS total FROM sales GROUP BY 1) y ORDER BY 1;
--> year | total | before | percent
--> 2022 | 207 | NULL | NULL
--> 2023 | 1430 | 207 | 590.8
--> 2024 | 243 | 1430 | -83.0

SELECT region, month, lead(amount) OVER (PARTITION BY region ORDER BY month) AS next, lag(amount, 1, 0) OVER (PARTITION BY region ORDER BY month) AS before FROM sales WHERE month < '2023-03-01' ORDER BY 1, 2;
--> region | month | next | before
--> n | 2022-11-01 | 114 | 0
--> n | 2023-01-01 | NULL | 100
--> s | 2022-12-01 | 121 | 0
--> s | 2023-02-01 | NULL | 107

SELECT month, sum(amount) OVER (PARTITION BY extract(year FROM month) ORDER BY month) AS year_to_date FROM sales WHERE month BETWEEN '2022-12-01' AND '2023-03-01' ORDER BY 1;
--> month | year_to_date
--> 2022-12-01 | 107
--> 2023-01-01 | 114
--> 2023-02-01 | 235
--> 2023-03-01 | 363

SELECT month, sum(amount) OVER (ORDER BY month RANGE BETWEEN '2 months' PRECEDING AND CURRENT ROW) AS three_months FROM sales ORDER BY 1 LIMIT 4;
--> month | three_months
--> 2022-11-01 | 100
--> 2022-12-01 | 207
--> 2023-01-01 | 321
--> 2023-02-01 | 342

SELECT month, amount, rank() OVER (PARTITION BY extract(year FROM month) ORDER BY amount DESC) AS place FROM sales WHERE month >= '2023-10-01' ORDER BY 1;
--> month | amount | place
--> 2023-10-01 | 137 | 1
--> 2023-11-01 | 104 | 3
--> 2023-12-01 | 111 | 2
--> 2024-01-01 | 118 | 2
--> 2024-02-01 | 125 | 1

SELECT to_char(month, 'Mon') AS month, max(amount) FILTER (WHERE extract(year FROM month) = 2022) AS y2022, max(amount) FILTER (WHERE extract(year FROM month) = 2023) AS y2023, max(amount) FILTER (WHERE extract(year FROM month) = 2024) AS y2024 FROM sales GROUP BY extract(month FROM month), 1 ORDER BY extract(month FROM sales.month) LIMIT 2;
--> month | y2022 | y2023 | y2024
--> Jan | NULL | 114 | 118
--> Feb | NULL | 121 | 125

SELECT month, lag(amount, -1) OVER (ORDER BY month) AS negative_lag, lag(amount, 0) OVER (ORDER BY month) AS none, lag(amount, NULL) OVER (ORDER BY month) AS null_lag FROM sales ORDER BY month LIMIT 2;
--> month | negative_lag | none | null_lag
--> 2022-11-01 | 107 | 100 | NULL
--> 2022-12-01 | 114 | 107 | NULL

SELECT month, lag(amount, 1, 'x') OVER (ORDER BY month) FROM sales;
--! 22P02: invalid input syntax for type integer: "x"
