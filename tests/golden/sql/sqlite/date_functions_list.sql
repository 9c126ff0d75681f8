-- date, time, datetime, julianday, unixepoch
-- oracle: sqlite
-- chapter: functions

SELECT date('2024-02-29'), time('12:34'), datetime('2024-02-29 12:34'), datetime('2024-02-29T12:34:56.789'), time('12:34:56.789'), datetime('2024-02-29 12:34:56.789', 'subsec');
--> date('2024-02-29') | time('12:34') | datetime('2024-02-29 12:34') | datetime('2024-02-29T12:34:56.789') | time('12:34:56.789') | datetime('2024-02-29 12:34:56.789', 'subsec')
--> 2024-02-29 | 12:34:00 | 2024-02-29 12:34:00 | 2024-02-29 12:34:56 | 12:34:56 | 2024-02-29 12:34:56.789

SELECT julianday('2000-01-01'), julianday('1970-01-01 00:00:00'), unixepoch('2024-01-01'), unixepoch('2024-01-01 00:00:00.5', 'subsec');
--> julianday('2000-01-01') | julianday('1970-01-01 00:00:00') | unixepoch('2024-01-01') | unixepoch('2024-01-01 00:00:00.5', 'subsec')
--> 2451544.5 | 2440587.5 | 1704067200 | 1704067200.5

SELECT datetime(0), datetime(2451545), datetime(1704067200, 'unixepoch'), datetime(1704067200, 'auto'), date(2460311.5), datetime('1704067200', 'unixepoch');
--> datetime(0) | datetime(2451545) | datetime(1704067200, 'unixepoch') | datetime(1704067200, 'auto') | date(2460311.5) | datetime('1704067200', 'unixepoch')
--> -4713-11-24 12:00:00 | 2000-01-01 12:00:00 | 2024-01-01 00:00:00 | 2024-01-01 00:00:00 | 2024-01-02 | 2024-01-01 00:00:00

SELECT date('2024-13-01'), date('2024-02-30'), date('2024-2-1'), date(''), date(NULL), date('x'), time('25:00'), date('2024-01-01 ');
--> date('2024-13-01') | date('2024-02-30') | date('2024-2-1') | date('') | date(NULL) | date('x') | time('25:00') | date('2024-01-01 ')
--> NULL | 2024-03-01 | NULL | NULL | NULL | NULL | NULL | 2024-01-01

SELECT date('0000-01-01'), date('9999-12-31'), date('9999-12-31', '+1 day'), date('-0001-01-01');
--> date('0000-01-01') | date('9999-12-31') | date('9999-12-31', '+1 day') | date('-0001-01-01')
--> 0000-01-01 | 9999-12-31 | NULL | -0001-01-01

SELECT datetime('2024-01-01 12:00+02:00'), datetime('2024-01-01 12:00Z'), datetime('2024-01-01 12:00-05:30'), datetime('12:00');
--> datetime('2024-01-01 12:00+02:00') | datetime('2024-01-01 12:00Z') | datetime('2024-01-01 12:00-05:30') | datetime('12:00')
--> 2024-01-01 10:00:00 | 2024-01-01 12:00:00 | 2024-01-01 17:30:00 | 2000-01-01 12:00:00

SELECT typeof(date('now')), date('now') = date('now'), length(datetime('now')), length(CURRENT_TIMESTAMP), length(CURRENT_DATE), length(CURRENT_TIME);
--> typeof(date('now')) | date('now') = date('now') | length(datetime('now')) | length(CURRENT_TIMESTAMP) | length(CURRENT_DATE) | length(CURRENT_TIME)
--> text | 1 | 19 | 19 | 10 | 8

SELECT date('2024-01-01', 'nonsense'), date('2024-01-01', NULL), date('2024-01-01', '');
--> date('2024-01-01', 'nonsense') | date('2024-01-01', NULL) | date('2024-01-01', '')
--> NULL | NULL | NULL
