-- Interest by conventions of counting days: actual, 30/360, compounded
-- oracle: postgres
-- chapter: functions

SELECT a, b, b - a AS actual, round((b - a) / 365.0, 8) AS act_365, round((b - a) / 360.0, 8) AS act_360 FROM (VALUES (date '2024-01-31', date '2024-02-29'), ('2023-12-15', '2024-03-15'), ('2024-02-28', '2024-03-01')) v(a, b) ORDER BY a;
--> a | b | actual | act_365 | act_360
--> 2023-12-15 | 2024-03-15 | 91 | 0.24931507 | 0.25277778
--> 2024-01-31 | 2024-02-29 | 29 | 0.07945205 | 0.08055556
--> 2024-02-28 | 2024-03-01 | 2 | 0.00547945 | 0.00555556

SELECT a, b, (extract(year FROM b) - extract(year FROM a)) * 360 + (extract(month FROM b) - extract(month FROM a)) * 30 + least(extract(day FROM b), 30) - least(extract(day FROM a), 30) AS thirty_360 FROM (VALUES (date '2024-01-31', date '2024-02-29'), ('2023-12-15', '2024-03-15'), ('2024-02-28', '2024-03-31')) v(a, b) ORDER BY a;
--> a | b | thirty_360
--> 2023-12-15 | 2024-03-15 | 90
--> 2024-01-31 | 2024-02-29 | 29
--> 2024-02-28 | 2024-03-31 | 32

SELECT y, make_date(y + 1, 1, 1) - make_date(y, 1, 1) AS days, round(1000 * 0.04 * (make_date(y + 1, 1, 1) - make_date(y, 1, 1)) / 360, 4) AS interest FROM generate_series(2022, 2024) AS y ORDER BY y;
--> y | days | interest
--> 2022 | 365 | 40.5556
--> 2023 | 365 | 40.5556
--> 2024 | 366 | 40.6667

SELECT n, round(1000 * power(1 + 0.06 / n, n), 6) AS balance FROM (VALUES (1), (2), (4), (12), (365)) v(n) ORDER BY n;
--> n | balance
--> 1 | 1060.000000
--> 2 | 1060.900000
--> 4 | 1061.363551
--> 12 | 1061.677812
--> 365 | 1061.831311

SELECT round(1000 * exp(0.06), 6) AS continuous, round(ln(1.06), 8) AS rate, round(exp(ln(1.06) * 0.5) - 1, 8) AS half_year;
--> continuous | rate | half_year
--> 1061.836547 | 0.05826891 | 0.02956301

SELECT round(1000 / power(1.05, t), 4) AS present_value, t FROM generate_series(0, 3) AS t ORDER BY t;
--> present_value | t
--> 1000.0000 | 0
--> 952.3810 | 1
--> 907.0295 | 2
--> 863.8376 | 3

SELECT round(sum(payment / power(1.04, t)), 4) AS price FROM (VALUES (1, 5.0), (2, 5.0), (3, 105.0)) v(t, payment);
--> price
--> 102.7751

SELECT round(sum(t * payment / power(1.04, t)) / sum(payment / power(1.04, t)), 6) AS duration FROM (VALUES (1, 5.0), (2, 5.0), (3, 105.0)) v(t, payment);
--> duration
--> 2.861463

SELECT round(10000 * 0.01 / (1 - power(1.01, -12)), 2) AS monthly_payment;
--> monthly_payment
--> 888.49

WITH RECURSIVE search (n, low, high) AS (
  SELECT 0, 0.0::numeric, 0.2::numeric
  UNION ALL
  SELECT n + 1, CASE WHEN value > 100 THEN mid ELSE low END, CASE WHEN value > 100 THEN high ELSE mid END FROM (
    SELECT n, low, high, mid, 5 / (1 + mid) + 5 / (1 + mid) ^ 2 + 105 / (1 + mid) ^ 3 AS value FROM (SELECT n, low, high, round((low + high) / 2, 12) AS mid FROM search WHERE n < 20) m) v
) SELECT round((low + high) / 2, 5) AS yield FROM search ORDER BY n DESC LIMIT 1;
--> yield
--> 0.05000

SELECT g AS coupon, g + interval '6 months' AS next, extract(days FROM date '2024-05-15' - g) AS accrued_days FROM generate_series(timestamp '2023-11-30', '2024-05-01', '6 months') AS g;
--> coupon | next | accrued_days
--> 2023-11-30 00:00:00 | 2024-05-30 00:00:00 | 167

SELECT round(0.05 * 1000000 * d / 360, 2) AS exact, round(0.05 * 1000000 * d / 360, -1) AS tens, trunc(0.05 * 1000000 * d / 360, 2) AS cut FROM (VALUES (1), (91), (182)) v(d) ORDER BY d;
--> exact | tens | cut
--> 138.89 | 140 | 138.88
--> 12638.89 | 12640 | 12638.88
--> 25277.78 | 25280 | 25277.77
