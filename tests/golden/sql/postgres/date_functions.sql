-- age, date_part, date_trunc, date_bin
-- oracle: postgres
-- chapter: functions

SELECT age(timestamp '2001-04-10', timestamp '1957-06-13') AS age, age(date '2024-03-01', date '2024-02-29') AS leap, age(timestamp '2024-01-31', timestamp '2024-02-29') AS negative;
--> age | leap | negative
--> 43 years 9 mons 27 days | 1 day | -29 days

SELECT date_part('hour', timestamp '2001-02-16 20:38:40') AS h, date_part('month', interval '2 years 3 months') AS m, pg_typeof(date_part('hour', timestamp '2001-02-16')), pg_typeof(extract(hour FROM timestamp '2001-02-16'));
--> h | m | pg_typeof | pg_typeof
--> 20 | 3 | double precision | numeric

SELECT date_trunc('hour', timestamp '2001-02-16 20:38:40') AS h, date_trunc('week', date '2024-03-05') AS week, date_trunc('quarter', date '2024-05-05') AS quarter, date_trunc('decade', date '2024-05-05') AS decade, date_trunc('century', date '2024-05-05') AS century;
--> h | week | quarter | decade | century
--> 2001-02-16 20:00:00 | 2024-03-04 00:00:00+00 | 2024-04-01 00:00:00+00 | 2020-01-01 00:00:00+00 | 2001-01-01 00:00:00+00

SELECT date_trunc('hour', interval '3 days 02:47:33') AS i, date_trunc('month', interval '1 year 5 months 3 days') AS m;
--> i | m
--> 3 days 02:00:00 | 1 year 5 mons

SELECT date_trunc('fortnight', timestamp '2001-02-16');
--! 22023: unit "fortnight" not recognized for type timestamp without time zone

SELECT date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01') AS b, date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01 00:02:30') AS shifted, date_bin('1 hour', timestamp '1999-12-31 23:30', timestamp '2001-01-01') AS before;
--> b | shifted | before
--> 2020-02-11 15:30:00 | 2020-02-11 15:32:30 | 1999-12-31 23:00:00

SELECT date_bin('1 month', timestamp '2020-02-11', timestamp '2001-01-01');
--! 0A000: timestamps cannot be binned into intervals containing months or years

SELECT date_bin('0 seconds', timestamp '2020-02-11', timestamp '2001-01-01');
--! 22008: stride must be greater than zero

SELECT make_timestamp(2013, 7, 15, 8, 15, 23.5) AS t, make_timestamptz(2013, 7, 15, 8, 15, 23.5, 'America/New_York') AS z, make_date(-44, 3, 15) AS bc;
--> t | z | bc
--> 2013-07-15 08:15:23.5 | 2013-07-15 12:15:23.5+00 | 0044-03-15 BC

SELECT make_date(2013, 2, 30);
--! 22008: date field value out of range: 2013-02-30

SELECT make_interval(days => 10, hours => 2) AS i, justify_interval(interval '1 mon -1 hour') AS j;
--> i | j
--> 10 days 02:00:00 | 29 days 23:00:00
