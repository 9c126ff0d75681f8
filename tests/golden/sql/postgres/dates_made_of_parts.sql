-- make_date, make_time, make_timestamp and what they refuse
-- oracle: postgres
-- chapter: functions

SELECT make_date(2024, 2, 29) AS d, make_time(13, 5, 30.25) AS t, make_timestamp(2024, 2, 29, 13, 5, 30.25) AS ts, make_timestamptz(2024, 2, 29, 13, 5, 30.25) AS tz;
--> d | t | ts | tz
--> 2024-02-29 | 13:05:30.25 | 2024-02-29 13:05:30.25 | 2024-02-29 13:05:30.25+00

SELECT make_timestamptz(2024, 7, 1, 12, 0, 0, 'Europe/Zurich') AS zoned, make_timestamptz(2024, 7, 1, 12, 0, 0, '+02') AS offset;
--> zoned | offset
--> 2024-07-01 10:00:00+00 | 2024-07-01 10:00:00+00

SELECT make_date(-1, 1, 1) AS bc, make_date(-44, 3, 15) AS ides;
--> bc | ides
--> 0001-01-01 BC | 0044-03-15 BC

SELECT make_date(0, 1, 1);
--! 22008: date field value out of range: 0-01-01

SELECT make_date(2024, 13, 1);
--! 22008: date field value out of range: 2024-13-01

SELECT make_time(24, 0, 0) AS end, make_time(23, 59, 60) AS leap;
--> end | leap
--> 24:00:00 | 24:00:00

SELECT make_time(25, 0, 0);
--! 22008: time field value out of range: 25:00:00

SELECT make_time(10, 60, 0);
--! 22008: time field value out of range: 10:60:00

SELECT make_timestamp(2024, 1, 1, 0, 0, 61);
--! 22008: time field value out of range: 0:00:61

SELECT make_timestamptz(2024, 1, 1, 0, 0, 0, 'nowhere');
--! 22023: time zone "nowhere" not recognized

SELECT make_interval(months => 14) AS months, make_interval(secs => 3661.5) AS secs, make_interval(weeks => -1) AS weeks, make_interval(years => 1, days => -1) AS mixed;
--> months | secs | weeks | mixed
--> 1 year 2 mons | 01:01:01.5 | -7 days | 1 year -1 days

SELECT make_date(year => 2024, month => 5, day => 6) AS named, make_date(2024, NULL, 1) AS nothing;
--> named | nothing
--> 2024-05-06 | NULL

SELECT make_date(y, m, 1) AS first FROM generate_series(2023, 2024) AS y, generate_series(11, 12) AS m ORDER BY 1;
--> first
--> 2023-11-01
--> 2023-12-01
--> 2024-11-01
--> 2024-12-01

SELECT date '2024-02-29' = make_date(2024, 2, 29) AS same, make_timestamp(2024, 2, 29, 0, 0, 0) = date '2024-02-29' AS of_day, make_time(0, 0, 0.0000014) AS rounded;
--> same | of_day | rounded
--> t | t | 00:00:00.000001

SELECT make_date(5874897, 12, 31) AS last, make_date(-4713, 12, 31) AS early;
--> last | early
--> 5874897-12-31 | 4713-12-31 BC

SELECT make_date(5874898, 1, 1);
--! 22008: date out of range: 5874898-01-01
--~! 22008: date out of range
