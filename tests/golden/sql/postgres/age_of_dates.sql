-- age counts years, months and days
-- oracle: postgres
-- chapter: functions

SELECT age(timestamp '2024-03-01', timestamp '2023-01-31') AS a, age(timestamp '2024-02-29', timestamp '2020-02-29') AS b, age(timestamp '2024-02-28', timestamp '2020-02-29') AS c;
--> a | b | c
--> 1 year 1 mon 1 day | 4 years | 3 years 11 mons 28 days

SELECT age(timestamp '2023-01-31', timestamp '2024-03-01') AS negative, age(timestamp '2024-01-01', timestamp '2024-01-01') AS zero;
--> negative | zero
--> -1 years -1 mons -1 days | 00:00:00

SELECT age(timestamp '2024-03-31', timestamp '2024-02-29') AS a, age(timestamp '2024-03-30', timestamp '2024-02-29') AS b, age(timestamp '2024-03-01', timestamp '2024-01-31') AS c;
--> a | b | c
--> 1 mon 2 days | 1 mon 1 day | 1 mon 1 day

SELECT age(timestamp '2024-01-02 03:04:05.678', timestamp '2023-12-31 23:59:59') AS with_time;
--> with_time
--> 1 day 03:04:06.678

SELECT age(date '2024-05-01', date '2024-04-01') AS month, date '2024-05-01' - date '2024-04-01' AS days;
--> month | days
--> 1 mon | 30

SELECT extract(year FROM age(date '2024-05-01', date '1990-05-02')) AS not_yet, extract(year FROM age(date '2024-05-02', date '1990-05-02')) AS birthday;
--> not_yet | birthday
--> 33 | 34

SELECT b, extract(year FROM age(date '2024-02-29', b)) AS age FROM (VALUES (date '2000-02-29'), ('2000-03-01'), ('1999-12-31'), ('2024-02-29'), ('2024-03-01')) v(b) ORDER BY b;
--> b | age
--> 1999-12-31 | 24
--> 2000-02-29 | 24
--> 2000-03-01 | 23
--> 2024-02-29 | 0
--> 2024-03-01 | 0

SELECT a, b, age(b, a) AS age, a + age(b, a) = b AS comes_back FROM (VALUES (date '2024-01-31', date '2024-02-29'), ('2024-01-15', '2024-03-14'), ('2023-12-31', '2024-01-01')) v(a, b) ORDER BY a;
--> a | b | age | comes_back
--> 2023-12-31 | 2024-01-01 | 1 day | t
--> 2024-01-15 | 2024-03-14 | 1 mon 30 days | f
--> 2024-01-31 | 2024-02-29 | 29 days | t

SELECT age(timestamptz '2024-01-01 00:00+00', timestamptz '2023-12-31 22:00-02') AS zoned;
--> zoned
--> 00:00:00

SELECT age(NULL, timestamp '2024-01-01') AS nothing;
--> nothing
--> NULL

SELECT extract(year FROM a) * 12 + extract(month FROM a) AS months FROM (SELECT age(date '2024-05-01', date '2021-02-15') AS a) s;
--> months
--> 38

SELECT date_part('day', timestamp '2024-03-01' - timestamp '2024-01-01') AS days, date_part('month', age(timestamp '2024-03-01', timestamp '2024-01-01')) AS months;
--> days | months
--> 60 | 2
