-- Calendars that recursion makes: days, month ends, business days, buckets
-- oracle: sqlite
-- chapter: queries

WITH RECURSIVE days (d) AS (SELECT '2024-02-27' UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2024-03-02') SELECT d, strftime('%w', d) AS weekday FROM days ORDER BY d;
--> d | weekday
--> 2024-02-27 | 2
--> 2024-02-28 | 3
--> 2024-02-29 | 4
--> 2024-03-01 | 5
--> 2024-03-02 | 6

WITH RECURSIVE ends (d) AS (SELECT '2024-01-31' UNION ALL SELECT date(d, '+1 day', '+1 month', '-1 day') FROM ends WHERE d < '2024-06-01') SELECT group_concat(d, ' ') AS month_ends FROM ends;
--> month_ends
--> 2024-01-31 2024-02-29 2024-03-31 2024-04-30 2024-05-31 2024-06-30

WITH RECURSIVE days (d) AS (SELECT '2024-03-01' UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2024-03-31') SELECT count(*) AS days, sum(strftime('%w', d) NOT IN ('0', '6')) AS business FROM days;
--> days | business
--> 31 | 21

WITH RECURSIVE fridays (d) AS (SELECT date('2024-01-01', 'weekday 5', '+14 days') UNION ALL SELECT date(d, 'start of month', '+1 month', 'weekday 5', '+14 days') FROM fridays WHERE d < '2024-04-01') SELECT d AS third_friday FROM fridays ORDER BY d;
--> third_friday
--> 2024-01-19
--> 2024-02-16
--> 2024-03-15
--> 2024-04-19

CREATE TABLE trades (at TEXT, quantity INTEGER);

INSERT INTO trades VALUES ('2024-03-01 09:30:10', 5), ('2024-03-01 09:34:59', 7), ('2024-03-01 09:35:00', 1), ('2024-03-01 09:46:00', 2);

SELECT datetime(unixepoch(at) / 300 * 300, 'unixepoch') AS bucket, sum(quantity) AS volume FROM trades GROUP BY 1 ORDER BY 1;
--> bucket | volume
--> 2024-03-01 09:30:00 | 12
--> 2024-03-01 09:35:00 | 1
--> 2024-03-01 09:45:00 | 2

WITH RECURSIVE buckets (b) AS (SELECT '2024-03-01 09:30:00' UNION ALL SELECT datetime(b, '+5 minutes') FROM buckets WHERE b < '2024-03-01 09:45') SELECT time(b) AS bucket, coalesce(sum(quantity), 0) AS volume FROM buckets LEFT JOIN trades ON at >= b AND at < datetime(b, '+5 minutes') GROUP BY b ORDER BY b;
--> bucket | volume
--> 09:30:00 | 12
--> 09:35:00 | 1
--> 09:40:00 | 0
--> 09:45:00 | 2

SELECT strftime('%Y-%m-%d %H:', at) || printf('%02d', strftime('%M', at) / 15 * 15) AS quarter_hour, count(*) AS n FROM trades GROUP BY 1 ORDER BY 1;
--> quarter_hour | n
--> 2024-03-01 09:30 | 3
--> 2024-03-01 09:45 | 1

SELECT date(at, 'start of month') AS month, date(at, 'weekday 0', '-6 days') AS monday, count(*) AS n FROM trades GROUP BY 1, 2;
--> month | monday | n
--> 2024-03-01 | 2024-02-26 | 4

WITH RECURSIVE years (y) AS (SELECT 1999 UNION ALL SELECT y + 1 FROM years WHERE y < 2005) SELECT y, strftime('%j', y || '-12-31') = '366' AS leap FROM years WHERE y % 4 = 0 OR y = 1999 ORDER BY y;
--> y | leap
--> 1999 | 0
--> 2000 | 1
--> 2004 | 1

WITH RECURSIVE months (m, d) AS (SELECT 0, '2024-01-31' UNION ALL SELECT m + 1, date('2024-01-31', '+' || (m + 1) || ' months', 'floor') FROM months WHERE m < 4) SELECT m, d FROM months ORDER BY m;
--> m | d
--> 0 | 2024-01-31
--> 1 | 2024-02-29
--> 2 | 2024-03-31
--> 3 | 2024-04-30
--> 4 | 2024-05-31
