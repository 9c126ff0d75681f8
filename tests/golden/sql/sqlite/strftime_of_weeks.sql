-- strftime: weeks, days of the week and of the year, hours of twelve
-- oracle: sqlite
-- chapter: functions

SELECT strftime('%Y-%m-%d %H:%M:%S', '2024-03-05 07:08:09') AS iso, strftime('%F %T', '2024-03-05 07:08:09') AS short, strftime('%R', '2024-03-05 07:08') AS hm;
--> iso | short | hm
--> 2024-03-05 07:08:09 | 2024-03-05 07:08:09 | 07:08

SELECT strftime('%f', '2024-03-05 07:08:09.0123') AS fraction, strftime('%s', '2024-03-05') AS epoch, strftime('%J', '2024-03-05') AS julian;
--> fraction | epoch | julian
--> 09.012 | 1709596800 | 2460374.5

SELECT strftime('%j', '2024-12-31') AS day_of_leap_year, strftime('%j', '2023-12-31') AS of_common, strftime('%w', '2024-03-10') AS sunday, strftime('%u', '2024-03-10') AS iso_sunday;
--> day_of_leap_year | of_common | sunday | iso_sunday
--> 366 | 365 | 0 | 7

SELECT d, strftime('%G-W%V-%u', d) AS iso, strftime('%Y-%W', d) AS monday_weeks, strftime('%Y-%U', d) AS sunday_weeks FROM (SELECT column1 AS d FROM (VALUES ('2020-12-31'), ('2021-01-03'), ('2021-01-04'), ('2024-12-30'), ('2023-01-01'))) ORDER BY d;
--> d | iso | monday_weeks | sunday_weeks
--> 2020-12-31 | 2020-W53-4 | 2020-52 | 2020-52
--> 2021-01-03 | 2020-W53-7 | 2021-00 | 2021-01
--> 2021-01-04 | 2021-W01-1 | 2021-01 | 2021-01
--> 2023-01-01 | 2022-W52-7 | 2023-00 | 2023-01
--> 2024-12-30 | 2025-W01-1 | 2024-53 | 2024-52

SELECT strftime('%I:%M %p', '2024-03-05 00:30') AS midnight, strftime('%I:%M %p', '2024-03-05 12:30') AS noon, strftime('%l %P', '2024-03-05 13:05') AS lower, strftime('%k', '2024-03-05 07:05') AS padded;
--> midnight | noon | lower | padded
--> 12:30 AM | 12:30 PM |  1 pm |  7

SELECT strftime('%e', '2024-03-05') AS day, strftime('%d', '2024-03-05') AS zero, strftime('%g', '2024-12-30') AS short_iso_year, strftime('%%', '2024-03-05') AS percent;
--> day | zero | short_iso_year | percent
-->  5 | 05 | 25 | %

SELECT strftime('%x', '2024-03-05') AS unknown, strftime('', '2024-03-05') AS empty, strftime('plain', '2024-03-05') AS plain, strftime(NULL, '2024-03-05') AS n, strftime('%', '2024-03-05') AS cut;
--> unknown | empty | plain | n | cut
--> NULL |  | plain | NULL | NULL

SELECT strftime('%Y', '2024-03-05', '+1 year') AS modified, strftime('%m', 2460384.5) AS of_number, strftime('%Y', 'nothing') AS invalid;
--> modified | of_number | invalid
--> 2025 | 03 | NULL

SELECT typeof(strftime('%s', '2024-03-05')) AS type, strftime('%s', '2024-03-05') + 1 AS sum, CAST(strftime('%m', '2024-03-05') AS INTEGER) AS month, strftime('%m', '2024-03-05') = 3 AS text_not_number;
--> type | sum | month | text_not_number
--> text | 1709596801 | 3 | 0

SELECT (CAST(strftime('%m', d) AS INTEGER) + 2) / 3 AS quarter, count(*) AS months FROM (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 12) SELECT '2024-' || printf('%02d', value) || '-15' AS d FROM n) GROUP BY 1 ORDER BY 1;
--> quarter | months
--> 1 | 3
--> 2 | 3
--> 3 | 3
--> 4 | 3

SELECT strftime('%H', '2024-03-05 07:08') * 60 + strftime('%M', '2024-03-05 07:08') AS minutes, strftime('%Y-%m-%dT%H:%M:%SZ', 0, 'unixepoch') AS zulu;
--> minutes | zulu
--> 428 | 1970-01-01T00:00:00Z
