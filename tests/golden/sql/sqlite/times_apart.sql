-- timediff, and other ways to tell how far times are apart
-- oracle: sqlite
-- chapter: functions

SELECT timediff('2024-03-15', '2024-03-01') AS days, timediff('2024-03-01', '2024-03-15') AS negative, timediff('2024-03-15', '2024-03-15') AS none;
--> days | negative | none
--> +0000-00-14 00:00:00.000 | -0000-00-14 00:00:00.000 | +0000-00-00 00:00:00.000

SELECT timediff('2024-03-15', '2023-02-10') AS years, timediff('2024-03-01', '2024-02-29') AS leap, timediff('2023-03-01', '2023-02-28') AS common;
--> years | leap | common
--> +0001-01-05 00:00:00.000 | +0000-00-01 00:00:00.000 | +0000-00-01 00:00:00.000

SELECT timediff('2024-03-15 10:20:30.5', '2024-03-15 09:00') AS clock, timediff('12:00', '11:59:59') AS times, timediff('2024-01-01', '2023-12-31 23:59:59.999') AS millisecond;
--> clock | times | millisecond
--> +0000-00-00 01:20:30.500 | +0000-00-00 00:00:01.000 | +0000-00-00 00:00:00.001

SELECT datetime('2023-02-10', timediff('2024-03-15 12:00', '2023-02-10')) AS comes_back, date('2024-01-31', timediff('2024-02-29', '2024-01-31')) AS month_end;
--> comes_back | month_end
--> 2024-03-15 12:00:00 | 2024-02-29

SELECT timediff('2024-03-15', NULL) AS n, timediff('2024-03-15', 'word') AS invalid;
--> n | invalid
--> NULL | NULL

SELECT julianday('2024-03-15') - julianday('2024-01-01') AS days, CAST(julianday('2024-03-15') - julianday('2024-01-01') AS INTEGER) AS whole, round((julianday('2024-03-15 12:00') - julianday('2024-03-15 10:30')) * 24, 4) AS hours;
--> days | whole | hours
--> 74.0 | 74 | 1.5

SELECT unixepoch('2024-03-15 12:00') - unixepoch('2024-03-15 10:30') AS seconds, (unixepoch('2024-03-15 12:00') - unixepoch('2024-03-15 10:30')) / 60 AS minutes, time(unixepoch('2024-03-15 12:00') - unixepoch('2024-03-15 10:30'), 'unixepoch') AS clock;
--> seconds | minutes | clock
--> 5400 | 90 | 01:30:00

SELECT strftime('%Y', '2024-05-01') - strftime('%Y', '1990-05-02') - (strftime('%m-%d', '2024-05-01') < strftime('%m-%d', '1990-05-02')) AS age;
--> age
--> 33

SELECT (strftime('%Y', '2024-03-15') - strftime('%Y', '2022-11-01')) * 12 + strftime('%m', '2024-03-15') - strftime('%m', '2022-11-01') AS months;
--> months
--> 16

CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT);

INSERT INTO events VALUES (1, '2024-01-01 09:00'), (2, '2024-01-01 09:45'), (3, '2024-01-02 09:45'), (4, NULL);

SELECT id, timediff(at, lag(at) OVER (ORDER BY at)) AS since, (unixepoch(at) - unixepoch(lag(at) OVER (ORDER BY at))) / 60 AS minutes FROM events WHERE at IS NOT NULL ORDER BY id;
--> id | since | minutes
--> 1 | NULL | NULL
--> 2 | +0000-00-00 00:45:00.000 | 45
--> 3 | +0000-00-01 00:00:00.000 | 1440

SELECT max(julianday(at)) - min(julianday(at)) AS span, time(avg(unixepoch(at) % 86400), 'unixepoch') AS mean_clock FROM events;
--> span | mean_clock
--> 1.03125 | 09:30:00
