-- date_trunc to every unit, and date_bin to any
-- oracle: postgres
-- chapter: functions

SELECT f AS unit, date_trunc(f, timestamp '2024-08-17 13:47:29.123456') AS truncated FROM unnest(ARRAY['microseconds', 'milliseconds', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'decade', 'century', 'millennium']) AS f ORDER BY 2 DESC, 1;
--> unit | truncated
--> microseconds | 2024-08-17 13:47:29.123456
--> milliseconds | 2024-08-17 13:47:29.123
--> second | 2024-08-17 13:47:29
--> minute | 2024-08-17 13:47:00
--> hour | 2024-08-17 13:00:00
--> day | 2024-08-17 00:00:00
--> week | 2024-08-12 00:00:00
--> month | 2024-08-01 00:00:00
--> quarter | 2024-07-01 00:00:00
--> year | 2024-01-01 00:00:00
--> decade | 2020-01-01 00:00:00
--> century | 2001-01-01 00:00:00
--> millennium | 2001-01-01 00:00:00

SELECT date_trunc('fortnight', timestamp '2024-08-17');
--! 22023: unit "fortnight" not recognized for type timestamp without time zone

SELECT date_trunc('MONTH', timestamp '2024-08-17') AS upper, date_trunc('months', timestamp '2024-08-17') AS plural;
--> upper | plural
--> 2024-08-01 00:00:00 | 2024-08-01 00:00:00

SELECT date_trunc('month', date '2024-08-17') AS of_date, pg_typeof(date_trunc('month', date '2024-08-17')) AS type, date_trunc('day', interval '3 days 04:05') AS of_interval;
--> of_date | type | of_interval
--> 2024-08-01 00:00:00+00 | timestamp with time zone | 3 days

SELECT date_trunc('quarter', interval '14 months') AS quarter, date_trunc('hour', time '10:20');
--> quarter | date_trunc
--> 1 year | 10:00:00

SELECT date_trunc('week', interval '10 days');
--! 0A000: unit "week" not supported for type interval

SELECT date_bin('15 minutes', timestamp '2024-01-01 10:44:59', timestamp '2024-01-01') AS a, date_bin('15 minutes', timestamp '2024-01-01 10:45', timestamp '2024-01-01') AS b, date_bin('15 minutes', timestamp '2024-01-01 10:44', timestamp '2024-01-01 00:05') AS shifted;
--> a | b | shifted
--> 2024-01-01 10:30:00 | 2024-01-01 10:45:00 | 2024-01-01 10:35:00

SELECT date_bin('7 days', timestamp '2024-03-03', timestamp '2024-01-01') AS weeks, date_bin('2 hours', timestamp '2023-12-31 23:00', timestamp '2024-01-01') AS before_origin, date_bin('1 day 12 hours', timestamp '2024-01-04', timestamp '2024-01-01') AS odd;
--> weeks | before_origin | odd
--> 2024-02-26 00:00:00 | 2023-12-31 22:00:00 | 2024-01-04 00:00:00

SELECT date_bin('1 month', timestamp '2024-01-01', timestamp '2024-01-01');
--! 0A000: timestamps cannot be binned into intervals containing months or years

SELECT date_bin('0 days', timestamp '2024-01-01', timestamp '2024-01-01');
--! 22008: stride must be greater than zero

SELECT date_bin('-5 minutes', timestamp '2024-01-01 10:44', timestamp '2024-01-01');
--! 22008: stride must be greater than zero

SELECT date_bin('1 hour', timestamptz '2024-01-01 10:44+00', timestamptz '2024-01-01 00:00+00') AS zoned;
--> zoned
--> 2024-01-01 10:00:00+00

SELECT date_trunc('month', NULL::timestamp) AS n, date_trunc(NULL, timestamp '2024-01-01') AS unit, date_trunc('day', timestamp 'infinity') AS infinite;
--> n | unit | infinite
--> NULL | NULL | infinity

SELECT date_trunc('century', date '2000-12-31') AS century, date_trunc('millennium', date '2001-01-01') AS millennium, date_trunc('decade', date '1999-12-31') AS decade;
--> century | millennium | decade
--> 1901-01-01 00:00:00+00 | 2001-01-01 00:00:00+00 | 1990-01-01 00:00:00+00

SELECT d::date, date_trunc('quarter', d)::date AS quarter, extract(quarter FROM d) AS number FROM generate_series(timestamp '2024-01-15', '2024-12-15', '2 months') AS d ORDER BY 1;
--> d | quarter | number
--> 2024-01-15 | 2024-01-01 | 1
--> 2024-03-15 | 2024-01-01 | 1
--> 2024-05-15 | 2024-04-01 | 2
--> 2024-07-15 | 2024-07-01 | 3
--> 2024-09-15 | 2024-07-01 | 3
--> 2024-11-15 | 2024-10-01 | 4
