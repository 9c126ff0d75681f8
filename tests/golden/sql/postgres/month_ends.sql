-- Months that are added end at the last day there is
-- oracle: postgres
-- chapter: types

SELECT date '2024-01-31' + interval '1 month' AS leap, date '2023-01-31' + interval '1 month' AS common, date '2024-03-31' - interval '1 month' AS back;
--> leap | common | back
--> 2024-02-29 00:00:00 | 2023-02-28 00:00:00 | 2024-02-29 00:00:00

SELECT date '2024-02-29' + interval '1 year' AS a, date '2024-02-29' + interval '4 years' AS b, date '2024-02-29' - interval '1 year' AS c;
--> a | b | c
--> 2025-02-28 00:00:00 | 2028-02-29 00:00:00 | 2023-02-28 00:00:00

SELECT (date '2024-01-31' + interval '1 month') + interval '1 month' AS twice, date '2024-01-31' + interval '2 months' AS at_once;
--> twice | at_once
--> 2024-03-29 00:00:00 | 2024-03-31 00:00:00

SELECT date '2024-01-31' + interval '1 month 1 day' AS month_first, date '2024-01-30' + interval '1 month -1 day' AS then_back;
--> month_first | then_back
--> 2024-03-01 00:00:00 | 2024-02-28 00:00:00

SELECT (date_trunc('month', d) + interval '1 month - 1 day')::date AS last FROM (VALUES (date '2024-02-10'), ('2023-02-10'), ('1900-02-01'), ('2000-02-01'), ('2024-12-31')) v(d) ORDER BY 1;
--> last
--> 1900-02-28
--> 2000-02-29
--> 2023-02-28
--> 2024-02-29
--> 2024-12-31

SELECT extract(day FROM date_trunc('month', date '2024-02-10') + interval '1 month' - interval '1 day') AS days;
--> days
--> 29

SELECT y AS year, extract(doy FROM make_date(y, 12, 31)) AS days, make_date(y, 12, 31) - make_date(y, 1, 1) AS difference FROM (VALUES (1900), (2000), (2023), (2024)) v(y) ORDER BY y;
--> year | days | difference
--> 1900 | 365 | 364
--> 2000 | 366 | 365
--> 2023 | 365 | 364
--> 2024 | 366 | 365

SELECT y, y % 4 = 0 AND (y % 100 <> 0 OR y % 400 = 0) AS leap FROM generate_series(1896, 1904, 4) AS y ORDER BY y;
--> y | leap
--> 1896 | t
--> 1900 | f
--> 1904 | t

SELECT make_date(2023, 2, 29);
--! 22008: date field value out of range: 2023-02-29

SELECT date '2023-02-29';
--! 22008: date/time field value out of range: "2023-02-29"

SELECT date '2024-04-31';
--! 22008: date/time field value out of range: "2024-04-31"

SELECT d::date FROM generate_series(timestamp '2024-01-31', '2024-06-30', '1 month') AS d ORDER BY 1;
--> d
--> 2024-01-31
--> 2024-02-29
--> 2024-03-29
--> 2024-04-29
--> 2024-05-29
--> 2024-06-29

SELECT (date '2024-01-31' + n * interval '1 month')::date AS d FROM generate_series(0, 5) AS n ORDER BY n;
--> d
--> 2024-01-31
--> 2024-02-29
--> 2024-03-31
--> 2024-04-30
--> 2024-05-31
--> 2024-06-30

SELECT date '2024-03-01' - date '2024-02-01' AS days, date '2023-03-01' - date '2023-02-01' AS fewer, age(date '2024-03-01', date '2024-02-01') AS month;
--> days | fewer | month
--> 29 | 28 | 1 mon

SELECT date '2024-12-31' + 1 AS next_year, date '2024-01-01' - 1 AS year_before, date '2024-02-28' + 1 AS leap_day;
--> next_year | year_before | leap_day
--> 2025-01-01 | 2023-12-31 | 2024-02-29

SELECT timestamp '2024-01-31 23:59:59.999999' + interval '1 microsecond' AS next, timestamp '2024-01-31 12:00' + interval '1 month' AS noon;
--> next | noon
--> 2024-02-01 00:00:00 | 2024-02-29 12:00:00
