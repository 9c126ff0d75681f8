-- Texts and numbers that are read as times, and those that are not
-- oracle: sqlite
-- chapter: functions

SELECT datetime('2024-03-15') AS d, datetime('2024-03-15 10:20') AS hm, datetime('2024-03-15T10:20:30') AS t, datetime('2024-03-15 10:20:30.5') AS fraction;
--> d | hm | t | fraction
--> 2024-03-15 00:00:00 | 2024-03-15 10:20:00 | 2024-03-15 10:20:30 | 2024-03-15 10:20:30

SELECT datetime('10:20') AS time_only, datetime('10:20:30') AS seconds, date('10:20') AS day, julianday('12:00') AS julian;
--> time_only | seconds | day | julian
--> 2000-01-01 10:20:00 | 2000-01-01 10:20:30 | 2000-01-01 | 2451545.0

SELECT datetime('2024-03-15 10:20Z') AS zulu, datetime('2024-03-15 10:20+02:00') AS east, datetime('2024-03-15 10:20:30-05:30') AS west, datetime('2024-03-15T10:20:30.25+01:00') AS whole;
--> zulu | east | west | whole
--> 2024-03-15 10:20:00 | 2024-03-15 08:20:00 | 2024-03-15 15:50:30 | 2024-03-15 09:20:30

SELECT datetime(2460384.5) AS julian, datetime(0) AS zero, date(2440587.5) AS epoch, datetime('2460384.5') AS text;
--> julian | zero | epoch | text
--> 2024-03-15 00:00:00 | -4713-11-24 12:00:00 | 1970-01-01 | 2024-03-15 00:00:00

SELECT date('2024-3-5') AS short, date('20240315') AS run_together, date('15.03.2024') AS dots, date('2024-03-15x') AS rest, date('') AS empty, date('abc') AS word;
--> short | run_together | dots | rest | empty | word
--> NULL | NULL | NULL | NULL | NULL | NULL

SELECT date('2024-02-30') AS rolls, date('2024-02-31') AS further, date('2024-04-31') AS april, date('2024-02-32') AS refused, date('2024-13-01') AS month;
--> rolls | further | april | refused | month
--> 2024-03-01 | 2024-03-02 | 2024-05-01 | NULL | NULL

SELECT time('24:00') AS full_day, time('23:60') AS minutes, time('23:59:60') AS leap, time('9:30') AS one_digit;
--> full_day | minutes | leap | one_digit
--> 24:00:00 | NULL | NULL | NULL

SELECT date(NULL) AS n, date('2024-03-15', 'start of month', NULL) AS modifier, typeof(date('2024-03-15')) AS type, typeof(julianday('2024-03-15')) AS real, typeof(unixepoch('2024-03-15')) AS integer;
--> n | modifier | type | real | integer
--> NULL | NULL | text | real | integer

SELECT julianday('2000-01-01 12:00') AS j2000, julianday('2024-03-15') - julianday('2024-03-01') AS days, julianday('-4713-11-24 12:00') AS zero;
--> j2000 | days | zero
--> 2451545.0 | 14.0 | 0.0

SELECT unixepoch('1970-01-01') AS zero, unixepoch('2024-03-15 12:00') AS later, unixepoch('1969-12-31 23:59:59') AS before, unixepoch('2038-01-19 03:14:08') AS large;
--> zero | later | before | large
--> 0 | 1710504000 | -1 | 2147483648

SELECT date('2024-03-15 10:20') = '2024-03-15' AS same, '2024-03-15' < '2024-03-15 00:00' AS text_order, datetime('2024-03-15') = datetime('2024-03-15 00:00') AS equal;
--> same | text_order | equal
--> 1 | 1 | 1

SELECT date(1e10) AS too_large, date(-1) AS negative, datetime(5373484.49999) AS last, datetime(1e12, 'unixepoch') AS far;
--> too_large | negative | last | far
--> NULL | NULL | 9999-12-31 23:59:59 | NULL
