-- ISO weeks begin on Monday, and week 1 has the first Thursday
-- oracle: postgres
-- chapter: functions

SELECT d, extract(isoyear FROM d) AS isoyear, extract(week FROM d) AS week, extract(isodow FROM d) AS isodow, extract(dow FROM d) AS dow FROM (VALUES (date '2020-12-31'), ('2021-01-03'), ('2021-01-04'), ('2024-12-29'), ('2024-12-30'), ('2027-01-01')) v(d) ORDER BY d;
--> d | isoyear | week | isodow | dow
--> 2020-12-31 | 2020 | 53 | 4 | 4
--> 2021-01-03 | 2020 | 53 | 7 | 0
--> 2021-01-04 | 2021 | 1 | 1 | 1
--> 2024-12-29 | 2024 | 52 | 7 | 0
--> 2024-12-30 | 2025 | 1 | 1 | 1
--> 2027-01-01 | 2026 | 53 | 5 | 5

SELECT d, to_char(d, 'IYYY-"W"IW-ID') AS iso, to_char(d, 'YYYY-WW-D') AS other FROM (VALUES (date '2020-12-31'), ('2021-01-01'), ('2023-01-01'), ('2024-12-31')) v(d) ORDER BY d;
--> d | iso | other
--> 2020-12-31 | 2020-W53-4 | 2020-53-5
--> 2021-01-01 | 2020-W53-5 | 2021-01-6
--> 2023-01-01 | 2022-W52-7 | 2023-01-1
--> 2024-12-31 | 2025-W01-2 | 2024-53-3

SELECT date_trunc('week', timestamp '2024-03-03 10:00') AS sunday, date_trunc('week', timestamp '2024-03-04 10:00') AS monday;
--> sunday | monday
--> 2024-02-26 00:00:00 | 2024-03-04 00:00:00

SELECT date_trunc('week', d)::date AS monday, (date_trunc('week', d) + interval '6 days')::date AS sunday, count(*) FROM generate_series(timestamp '2024-02-26', '2024-03-10', '1 day') AS d GROUP BY 1, 2 ORDER BY 1;
--> monday | sunday | count
--> 2024-02-26 | 2024-03-03 | 7
--> 2024-03-04 | 2024-03-10 | 7

SELECT y, extract(week FROM make_date(y, 12, 28)) AS weeks FROM generate_series(2015, 2021) AS y ORDER BY y;
--> y | weeks
--> 2015 | 53
--> 2016 | 52
--> 2017 | 52
--> 2018 | 52
--> 2019 | 52
--> 2020 | 53
--> 2021 | 52

SELECT to_char(date '2024-03-01', 'Day|FMDay|DAY|day|Dy|DY|dy|D|ID') AS names;
--> names
--> Friday   |Friday|FRIDAY   |friday   |Fri|FRI|fri|6|5

SELECT d::date AS day, to_char(d, 'IW') AS iw, to_char(d, 'WW') AS ww, to_char(d, 'W') AS w FROM generate_series(timestamp '2024-12-28', '2025-01-06', '3 days') AS d ORDER BY 1;
--> day | iw | ww | w
--> 2024-12-28 | 52 | 52 | 4
--> 2024-12-31 | 01 | 53 | 5
--> 2025-01-03 | 01 | 01 | 1
--> 2025-01-06 | 02 | 01 | 1

SELECT extract(isodow FROM d) BETWEEN 1 AND 5 AS workday, count(*) FROM generate_series(timestamp '2024-03-01', '2024-03-31', '1 day') AS d GROUP BY 1 ORDER BY 1;
--> workday | count
--> f | 10
--> t | 21

SELECT d::date AS third_friday FROM generate_series(timestamp '2024-01-01', '2024-04-30', '1 day') AS d WHERE extract(isodow FROM d) = 5 AND extract(day FROM d) BETWEEN 15 AND 21 ORDER BY 1;
--> third_friday
--> 2024-01-19
--> 2024-02-16
--> 2024-03-15
--> 2024-04-19

SELECT max(d)::date AS last_monday FROM generate_series(timestamp '2024-05-01', '2024-05-31', '1 day') AS d WHERE extract(isodow FROM d) = 1;
--> last_monday
--> 2024-05-27

SELECT date '2024-01-01' + (8 - extract(isodow FROM date '2024-01-01')::integer) % 7 AS first_monday, date '2024-03-01' + (8 - extract(isodow FROM date '2024-03-01')::integer) % 7 AS of_march;
--> first_monday | of_march
--> 2024-01-01 | 2024-03-04

SELECT extract(week FROM timestamp '2024-12-30') = extract(week FROM timestamp '2024-01-01') AS same_week, date_part('isoyear', date '2024-12-30') AS year;
--> same_week | year
--> t | 2025

SELECT extract(quarter FROM d) AS q, min(d)::date, max(d)::date FROM generate_series(timestamp '2024-01-01', '2024-12-31', '1 day') AS d GROUP BY 1 ORDER BY 1;
--> q | min | max
--> 1 | 2024-01-01 | 2024-03-31
--> 2 | 2024-04-01 | 2024-06-30
--> 3 | 2024-07-01 | 2024-09-30
--> 4 | 2024-10-01 | 2024-12-31
