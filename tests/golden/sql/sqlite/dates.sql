-- Functions of dates and their modifiers
-- oracle: sqlite
-- chapter: functions

SELECT date('2024-02-29') AS d, time('2024-02-29 12:34:56') AS t, datetime('2024-02-29 12:34') AS dt;
--> d | t | dt
--> 2024-02-29 | 12:34:56 | 2024-02-29 12:34:00

SELECT date('2024-01-31', '+1 month') AS m, date('2024-02-29', '+1 year') AS y, date('2024-03-01', '-1 day') AS b;
--> m | y | b
--> 2024-03-02 | 2025-03-01 | 2024-02-29

SELECT date('2024-05-17', 'start of month') AS s, date('2024-05-17', 'weekday 0') AS sunday;
--> s | sunday
--> 2024-05-01 | 2024-05-19

SELECT strftime('%Y/%m/%d %H-%M-%S %j %w %s', '2024-02-29 12:34:56') AS f;
--> f
--> 2024/02/29 12-34-56 060 4 1709210096

SELECT julianday('2000-01-01 12:00') AS j, unixepoch('1970-01-02') AS u;
--> j | u
--> 2451545.0 | 86400

SELECT datetime(0, 'unixepoch') AS epoch, date('nonsense') AS nothing;
--! near "nothing": syntax error

SELECT date('2024-02-29 23:00', '+2 hours') AS tomorrow;
--> tomorrow
--> 2024-03-01
