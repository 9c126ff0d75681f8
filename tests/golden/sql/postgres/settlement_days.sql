-- Days of settlement, two business days on, past weekends and holidays
-- oracle: postgres
-- chapter: queries

CREATE TABLE holidays (day DATE PRIMARY KEY, name TEXT);

CREATE TABLE trades (id INTEGER PRIMARY KEY, day DATE);

INSERT INTO holidays VALUES ('2024-03-29', 'Good Friday'), ('2024-04-01', 'Easter Monday'), ('2024-05-01', 'Labour Day');

INSERT INTO trades VALUES (1, '2024-03-25'), (2, '2024-03-27'), (3, '2024-03-28'), (4, '2024-03-30'), (5, '2024-04-30');

CREATE VIEW business AS SELECT d::date AS day, row_number() OVER (ORDER BY d) AS n FROM generate_series(timestamp '2024-03-01', '2024-05-31', '1 day') AS d WHERE extract(isodow FROM d) < 6 AND d::date NOT IN (SELECT day FROM holidays);

SELECT count(*) AS days, min(day), max(day) FROM business;
--> days | min | max
--> 63 | 2024-03-01 | 2024-05-31

SELECT t.id, t.day, to_char(t.day, 'Dy') AS weekday, s.day AS settles, to_char(s.day, 'Dy') AS on_day FROM trades t JOIN LATERAL (SELECT day FROM business b WHERE b.day > t.day ORDER BY day OFFSET 1 LIMIT 1) s ON true ORDER BY t.id;
--> id | day | weekday | settles | on_day
--> 1 | 2024-03-25 | Mon | 2024-03-27 | Wed
--> 2 | 2024-03-27 | Wed | 2024-04-02 | Tue
--> 3 | 2024-03-28 | Thu | 2024-04-03 | Wed
--> 4 | 2024-03-30 | Sat | 2024-04-03 | Wed
--> 5 | 2024-04-30 | Tue | 2024-05-03 | Fri

SELECT t.id, s.day FROM trades t JOIN business b ON b.day = (SELECT max(day) FROM business x WHERE x.day <= t.day) JOIN business s ON s.n = b.n + 2 ORDER BY t.id;
--> id | day
--> 1 | 2024-03-27
--> 2 | 2024-04-02
--> 3 | 2024-04-03
--> 4 | 2024-04-03
--> 5 | 2024-05-03

SELECT t.id, (SELECT count(*) FROM business b WHERE b.day > t.day AND b.day <= '2024-05-01') AS business_days, date '2024-05-01' - t.day AS days FROM trades t ORDER BY t.id;
--> id | business_days | days
--> 1 | 24 | 37
--> 2 | 22 | 35
--> 3 | 21 | 34
--> 4 | 21 | 32
--> 5 | 0 | 1

WITH RECURSIVE walk (id, day, left_to_go) AS (
  SELECT id, day, 2 FROM trades
  UNION ALL
  SELECT id, day + 1, left_to_go - CASE WHEN extract(isodow FROM day + 1) < 6 AND NOT EXISTS (SELECT FROM holidays h WHERE h.day = walk.day + 1) THEN 1 ELSE 0 END FROM walk WHERE left_to_go > 0
) SELECT id, day FROM walk WHERE left_to_go = 0 ORDER BY id;
--> id | day
--> 1 | 2024-03-27
--> 2 | 2024-04-02
--> 3 | 2024-04-03
--> 4 | 2024-04-03
--> 5 | 2024-05-03

SELECT day, name, to_char(day, 'FMDay') AS weekday, CASE extract(isodow FROM day) WHEN 5 THEN 'long weekend' WHEN 1 THEN 'long weekend' END AS note FROM holidays ORDER BY day;
--> day | name | weekday | note
--> 2024-03-29 | Good Friday | Friday | long weekend
--> 2024-04-01 | Easter Monday | Monday | long weekend
--> 2024-05-01 | Labour Day | Wednesday | NULL

SELECT date_trunc('month', day)::date AS month, max(day) AS last_business_day, count(*) AS days FROM business GROUP BY 1 ORDER BY 1;
--> month | last_business_day | days
--> 2024-03-01 | 2024-03-28 | 20
--> 2024-04-01 | 2024-04-30 | 21
--> 2024-05-01 | 2024-05-31 | 22

SELECT day FROM business b WHERE NOT EXISTS (SELECT FROM business x WHERE x.day = b.day + 1) AND extract(isodow FROM day) < 5 ORDER BY day;
--> day
--> 2024-03-28
--> 2024-04-30

SELECT day, lead(day) OVER (ORDER BY day) - day AS until_next FROM business WHERE day BETWEEN '2024-03-26' AND '2024-04-03' ORDER BY day;
--> day | until_next
--> 2024-03-26 | 1
--> 2024-03-27 | 1
--> 2024-03-28 | 5
--> 2024-04-02 | 1
--> 2024-04-03 | NULL

SELECT round(1000000 * 0.05 * (s.day - t.day) / 360, 2) AS interest FROM trades t JOIN business s ON s.day = '2024-04-30' WHERE t.id = 1;
--> interest
--> 5000.00
