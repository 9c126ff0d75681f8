-- Sums of money: exact as numeric, off as double precision
-- oracle: postgres
-- chapter: types

CREATE TABLE payments (id INTEGER PRIMARY KEY, exact NUMERIC(12,2), rough DOUBLE PRECISION, cents BIGINT);

INSERT INTO payments SELECT n, 0.10, 0.10, 10 FROM generate_series(1, 10) AS n;

SELECT sum(exact) AS exact, sum(exact) = 1 AS is_one, sum(cents) AS cents FROM payments;
--> exact | is_one | cents
--> 1.00 | t | 100

SELECT sum(rough) = 1 AS is_one, abs(sum(rough) - 1) < 1e-9 AS nearly, round(sum(rough)::numeric, 2) AS rounded FROM payments;
--> is_one | nearly | rounded
--> f | t | 1.00

SELECT 0.1 + 0.2 = 0.3 AS numeric, 0.1::float8 + 0.2::float8 = 0.3::float8 AS float, 0.1::float8 + 0.2 AS shown;
--> numeric | float | shown
--> t | f | 0.30000000000000004

INSERT INTO payments VALUES (11, 12.345, 12.345, 1234);

SELECT exact, rough FROM payments WHERE id = 11;
--> exact | rough
--> 12.35 | 12.345

INSERT INTO payments VALUES (12, 12345678901.5, 0, 0);
--! 22003: numeric field overflow

SELECT sum(exact) / 3 AS third, round(sum(exact) / 3, 2) AS rounded, 3 * round(sum(exact) / 3, 2) - sum(exact) AS rest FROM payments;
--> third | rounded | rest
--> 4.4500000000000000 | 4.45 | 0.00

WITH shares AS (SELECT n, trunc(100.00 / 3, 2) AS share FROM generate_series(1, 3) AS n)
SELECT n, share + CASE WHEN n = 1 THEN 100.00 - sum(share) OVER () ELSE 0 END AS share FROM shares ORDER BY n;
--> n | share
--> 1 | 33.34
--> 2 | 33.33
--> 3 | 33.33

SELECT round(sum(amount * rate), 2) AS rounded_last, sum(round(amount * rate, 2)) AS rounded_first FROM (VALUES (10.05, 0.077), (10.05, 0.077), (10.05, 0.077)) v(amount, rate);
--> rounded_last | rounded_first
--> 2.32 | 2.31

SELECT amount, round(amount / 1.077, 2) AS net, amount - round(amount / 1.077, 2) AS tax FROM (VALUES (107.70), (10.05), (0.01)) v(amount) ORDER BY 1 DESC;
--> amount | net | tax
--> 107.70 | 100.00 | 7.70
--> 10.05 | 9.33 | 0.72
--> 0.01 | 0.01 | 0.00

SELECT (cents / 100) || '.' || lpad((cents % 100)::text, 2, '0') AS text, cents / 100.0 AS amount FROM payments WHERE id IN (1, 11) ORDER BY id;
--> text | amount
--> 0.10 | 0.10000000000000000000
--> 12.34 | 12.3400000000000000

SELECT to_char(1234567.891, '9,999,999.99') AS grouped, to_char(-0.5, 'FM0.00') AS negative, to_char(1234.5, 'L9,999.99') IS NOT NULL AS currency;
--> grouped | negative | currency
-->  1,234,567.89 | -0.50 | t

SELECT sum(x) AS sum, sum(x::float8) AS float FROM (VALUES (1e16), (1), (-1e16)) v(x);
--> sum | float
--> 1 | 0

SELECT round(1000 * (1 + 0.05 / 12) ^ 12, 2) AS compound, round((1000 * power(1 + 0.05 / 12, 12))::numeric, 2) AS again;
--> compound | again
--> 1051.16 | 1051.16

SELECT sum(exact) FILTER (WHERE id > 100) AS none, coalesce(sum(exact) FILTER (WHERE id > 100), 0) AS zero, avg(exact) AS mean FROM payments;
--> none | zero | mean
--> NULL | 0 | 1.2136363636363636
