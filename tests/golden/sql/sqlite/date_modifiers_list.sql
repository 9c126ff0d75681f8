-- Modifiers of dates
-- oracle: sqlite
-- chapter: functions

SELECT date('2024-01-31', '+1 month'), date('2024-01-31', '+1 month', 'floor'), date('2024-01-31', '+1 month', 'ceiling'), date('2024-02-29', '+1 year'), date('2024-03-01', '-1 day');
--> date('2024-01-31', '+1 month') | date('2024-01-31', '+1 month', 'floor') | date('2024-01-31', '+1 month', 'ceiling') | date('2024-02-29', '+1 year') | date('2024-03-01', '-1 day')
--> 2024-03-02 | 2024-02-29 | 2024-03-02 | 2025-03-01 | 2024-02-29

SELECT datetime('2024-01-01', '+1 hour', '+90 minutes', '-30 seconds'), datetime('2024-01-01', '+1.5 days'), date('2024-01-01', '+10'), date('2024-01-01', '1 day'), date('2024-01-01', '+1 week');
--> datetime('2024-01-01', '+1 hour', '+90 minutes', '-30 seconds') | datetime('2024-01-01', '+1.5 days') | date('2024-01-01', '+10') | date('2024-01-01', '1 day') | date('2024-01-01', '+1 week')
--> 2024-01-01 02:29:30 | 2024-01-02 12:00:00 | NULL | 2024-01-02 | NULL

SELECT date('2024-05-17', 'start of month'), date('2024-05-17', 'start of year'), datetime('2024-05-17 10:20', 'start of day'), date('2024-05-17', 'start of month', '+1 month', '-1 day');
--> date('2024-05-17', 'start of month') | date('2024-05-17', 'start of year') | datetime('2024-05-17 10:20', 'start of day') | date('2024-05-17', 'start of month', '+1 month', '-1 day')
--> 2024-05-01 | 2024-01-01 | 2024-05-17 00:00:00 | 2024-05-31

SELECT date('2024-05-17', 'weekday 0'), date('2024-05-17', 'weekday 5'), date('2024-05-17', 'weekday 6'), date('2024-05-17', 'weekday 7');
--> date('2024-05-17', 'weekday 0') | date('2024-05-17', 'weekday 5') | date('2024-05-17', 'weekday 6') | date('2024-05-17', 'weekday 7')
--> 2024-05-19 | 2024-05-17 | 2024-05-18 | NULL

SELECT datetime('2024-01-01', '+01:30'), datetime('2024-01-01', '-00:00:30'), datetime('2024-01-01', '+0001-02-03'), datetime('2024-01-01', '+0001-02-03 04:05'), datetime('2024-01-01 12:00', '-12:00:00.5', 'subsec');
--> datetime('2024-01-01', '+01:30') | datetime('2024-01-01', '-00:00:30') | datetime('2024-01-01', '+0001-02-03') | datetime('2024-01-01', '+0001-02-03 04:05') | datetime('2024-01-01 12:00', '-12:00:00.5', 'subsec')
--> 2024-01-01 01:30:00 | 2023-12-31 23:59:30 | 2025-03-04 00:00:00 | 2025-03-04 04:05:00 | 2023-12-31 23:59:59.500

SELECT datetime('2024-07-01 12:00', 'utc') IS NOT NULL, datetime(2460493.0, 'julianday'), datetime(1e10, 'unixepoch'), datetime(1e12, 'unixepoch');
--> datetime('2024-07-01 12:00', 'utc') IS NOT NULL | datetime(2460493.0, 'julianday') | datetime(1e10, 'unixepoch') | datetime(1e12, 'unixepoch')
--> 1 | 2024-07-01 12:00:00 | 2286-11-20 17:46:40 | NULL

SELECT date('2024-01-01', '+1 DAYS'), date('2024-01-01', ' +1 day '), date('2024-01-01', '+ 1 day'), date('2024-01-01', '+1day');
--> date('2024-01-01', '+1 DAYS') | date('2024-01-01', ' +1 day ') | date('2024-01-01', '+ 1 day') | date('2024-01-01', '+1day')
--> 2024-01-02 | NULL | NULL | NULL
