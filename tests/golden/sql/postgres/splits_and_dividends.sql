-- Prices adjusted for splits: products over rows that are to come
-- oracle: postgres
-- chapter: windows

CREATE TABLE prices (day DATE PRIMARY KEY, close NUMERIC);

CREATE TABLE splits (day DATE PRIMARY KEY, ratio NUMERIC);

CREATE TABLE dividends (day DATE PRIMARY KEY, amount NUMERIC);

INSERT INTO prices VALUES ('2024-01-01', 400), ('2024-01-02', 404), ('2024-01-03', 101), ('2024-01-04', 102), ('2024-01-05', 51);

INSERT INTO splits VALUES ('2024-01-03', 4), ('2024-01-05', 2);

INSERT INTO dividends VALUES ('2024-01-02', 2);

SELECT p.day, p.close, (SELECT round(exp(sum(ln(ratio))), 6) FROM splits s WHERE s.day > p.day) AS factor FROM prices p ORDER BY 1;
--> day | close | factor
--> 2024-01-01 | 400 | 8.000000
--> 2024-01-02 | 404 | 8.000000
--> 2024-01-03 | 101 | 2.000000
--> 2024-01-04 | 102 | 2.000000
--> 2024-01-05 | 51 | NULL

SELECT p.day, round(p.close / coalesce((SELECT round(exp(sum(ln(ratio))), 6) FROM splits s WHERE s.day > p.day), 1), 4) AS adjusted FROM prices p ORDER BY 1;
--> day | adjusted
--> 2024-01-01 | 50.0000
--> 2024-01-02 | 50.5000
--> 2024-01-03 | 50.5000
--> 2024-01-04 | 51.0000
--> 2024-01-05 | 51.0000

WITH RECURSIVE steps AS (SELECT day, close, row_number() OVER (ORDER BY day DESC) AS n, coalesce(ratio, 1) AS ratio FROM prices LEFT JOIN splits USING (day)), adjusted (n, day, close, factor) AS (
  SELECT n, day, close, 1::numeric FROM steps WHERE n = 1
  UNION ALL
  SELECT s.n, s.day, s.close, a.factor * (SELECT ratio FROM steps x WHERE x.n = a.n) FROM adjusted a JOIN steps s ON s.n = a.n + 1
) SELECT day, factor, close / factor AS adjusted FROM adjusted ORDER BY day;
--> day | factor | adjusted
--> 2024-01-01 | 8 | 50.0000000000000000
--> 2024-01-02 | 8 | 50.5000000000000000
--> 2024-01-03 | 2 | 50.5000000000000000
--> 2024-01-04 | 2 | 51.0000000000000000
--> 2024-01-05 | 1 | 51.0000000000000000

SELECT day, round((close * coalesce(ratio, 1) + coalesce(amount, 0)) / lag(close) OVER (ORDER BY day) - 1, 6) AS total_return FROM prices LEFT JOIN splits USING (day) LEFT JOIN dividends USING (day) ORDER BY day;
--> day | total_return
--> 2024-01-01 | NULL
--> 2024-01-02 | 0.015000
--> 2024-01-03 | 0.000000
--> 2024-01-04 | 0.009901
--> 2024-01-05 | 0.000000

SELECT round(exp(sum(ln(1 + r))) - 1, 6) AS compounded FROM (SELECT (close * coalesce(ratio, 1)) / lag(close) OVER (ORDER BY day) - 1 AS r FROM prices LEFT JOIN splits USING (day)) x;
--> compounded
--> 0.020000

SELECT day, round(ln(close / lag(close) OVER (ORDER BY day)), 6) AS log_return FROM prices ORDER BY day;
--> day | log_return
--> 2024-01-01 | NULL
--> 2024-01-02 | 0.009950
--> 2024-01-03 | -1.386294
--> 2024-01-04 | 0.009852
--> 2024-01-05 | -0.693147

SELECT round(exp(sum(ln(x))), 4) AS product FROM (VALUES (1.5), (2), (4)) v(x);
--> product
--> 12.0000

SELECT CASE WHEN bool_or(x = 0) THEN 0 ELSE (CASE WHEN count(*) FILTER (WHERE x < 0) % 2 = 1 THEN -1 ELSE 1 END) * round(exp(sum(ln(abs(nullif(x, 0)))))) END AS signed_product FROM (VALUES (-2), (3), (-4), (-1)) v(x);
--> signed_product
--> -24

SELECT sum(ln(x)) FROM (VALUES (2), (0)) v(x);
--! 2201E: cannot take logarithm of zero

SELECT day, close, 100 * close / first_value(close) OVER (ORDER BY day) AS of_first FROM prices WHERE day < '2024-01-03' ORDER BY day;
--> day | close | of_first
--> 2024-01-01 | 400 | 100.0000000000000000
--> 2024-01-02 | 404 | 101.0000000000000000

SELECT p.day, d.amount, round(100 * d.amount / p.close, 3) AS percent FROM dividends d JOIN prices p USING (day);
--> day | amount | percent
--> 2024-01-02 | 2 | 0.495
