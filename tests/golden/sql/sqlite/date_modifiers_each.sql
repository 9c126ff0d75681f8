-- Each modifier of date and time functions by itself
-- oracle: sqlite
-- chapter: functions

SELECT date('2024-03-15', '+1 day') AS day, date('2024-03-15', '-10 days') AS days, date('2024-03-15', '+1 month') AS month, date('2024-03-15', '-1 year') AS year, datetime('2024-03-15', '+1.5 days') AS fraction;
--> day | days | month | year | fraction
--> 2024-03-16 | 2024-03-05 | 2024-04-15 | 2023-03-15 | 2024-03-16 12:00:00

SELECT time('12:00', '+90 minutes') AS minutes, time('12:00', '-1 hour') AS hour, time('23:59:59', '+2 seconds') AS seconds, datetime('2024-03-15 23:00', '+2 hours') AS next_day, time('12:00', '+0.5 seconds') AS half;
--> minutes | hour | seconds | next_day | half
--> 13:30:00 | 11:00:00 | 00:00:01 | 2024-03-16 01:00:00 | 12:00:00

SELECT date('2024-03-15', 'start of month') AS month, date('2024-03-15', 'start of year') AS year, datetime('2024-03-15 14:30', 'start of day') AS day;
--> month | year | day
--> 2024-03-01 | 2024-01-01 | 2024-03-15 00:00:00

SELECT date('2024-03-15', 'start of month', '+1 month', '-1 day') AS last_of_month, date('2024-03-15', 'start of year', '+9 months', 'weekday 2') AS tuesday_of_october;
--> last_of_month | tuesday_of_october
--> 2024-03-31 | 2024-10-01

SELECT date('2024-03-15', 'weekday 0') AS sunday, date('2024-03-15', 'weekday 5') AS friday_is_today, date('2024-03-15', 'weekday 4') AS thursday, date('2024-03-15', 'weekday 7') AS none;
--> sunday | friday_is_today | thursday | none
--> 2024-03-17 | 2024-03-15 | 2024-03-21 | NULL

SELECT date('2024-01-31', '+1 month') AS overflow, date('2024-01-31', '+1 month', 'floor') AS floor, date('2024-01-31', '+1 month', 'ceiling') AS ceiling, date('2023-02-29') AS no_such_day, date('2024-02-29', '+1 year', 'floor') AS leap;
--> overflow | floor | ceiling | no_such_day | leap
--> 2024-03-02 | 2024-02-29 | 2024-03-02 | 2023-03-01 | 2025-02-28

SELECT datetime(1710504000, 'unixepoch') AS unixepoch, datetime(2460384.5, 'julianday') AS julianday, datetime(1710504000, 'auto') AS auto_seconds, datetime(2460384.5, 'auto') AS auto_days, datetime(1710504000) AS without;
--> unixepoch | julianday | auto_seconds | auto_days | without
--> 2024-03-15 12:00:00 | 2024-03-15 00:00:00 | 2024-03-15 12:00:00 | 2024-03-15 00:00:00 | NULL

SELECT datetime('2024-03-15 12:00', '+01:30') AS hours, datetime('2024-03-15 12:00', '-00:00:30') AS seconds, date('2024-03-15', '+0001-02-03') AS date_shift, datetime('2024-03-15 12:00', '-0000-01-00 02:00') AS both;
--> hours | seconds | date_shift | both
--> 2024-03-15 13:30:00 | 2024-03-15 11:59:30 | 2025-05-18 | 2024-02-15 10:00:00

SELECT datetime('2024-03-15 12:00', 'utc') IS NOT NULL AS utc, datetime('2024-03-15 12:00', 'localtime') IS NOT NULL AS localtime;
--> utc | localtime
--> 1 | 1

SELECT datetime('2024-03-15 12:00:00.123', 'subsec') AS subsec, unixepoch('2024-03-15 12:00:00.123', 'subsecond') AS epoch, time('12:00:00.5', 'subsec') AS time, datetime('2024-03-15 12:00:00.999') AS cut;
--> subsec | epoch | time | cut
--> 2024-03-15 12:00:00.123 | 1710504000.123 | 12:00:00.500 | 2024-03-15 12:00:00

SELECT date('2024-03-15', '+1 fortnight') AS unknown, date('2024-03-15', '1 day') AS no_sign, date('2024-03-15', '+ 1 day') AS space, date('2024-03-15', NULL) AS neither, date('2024-03-15', '') AS empty;
--> unknown | no_sign | space | neither | empty
--> NULL | 2024-03-16 | NULL | NULL | NULL

SELECT date('2024-03-15', '+1 MONTH') AS upper, date('2024-03-15', 'START OF MONTH') AS words, date('2024-03-15', '+5 day', '+1 month', '-2 days') AS chain;
--> upper | words | chain
--> 2024-04-15 | 2024-03-01 | 2024-04-18

SELECT date('9999-12-31', '+1 day') AS too_late, date('0000-01-01', '-1 day') AS before_zero, date('-4713-11-24') AS earliest;
--> too_late | before_zero | earliest
--> NULL | -0001-12-31 | NULL
