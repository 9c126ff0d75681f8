-- The last known value is carried forward over NULLs and missing days
-- oracle: postgres
-- chapter: windows

CREATE TABLE marks (day DATE PRIMARY KEY, price NUMERIC);

INSERT INTO marks VALUES ('2024-01-01', 5), ('2024-01-02', NULL), ('2024-01-03', NULL), ('2024-01-05', 7), ('2024-01-07', NULL), ('2024-01-08', 8);

SELECT day, price, count(price) OVER (ORDER BY day) AS run FROM marks ORDER BY day;
--> day | price | run
--> 2024-01-01 | 5 | 1
--> 2024-01-02 | NULL | 1
--> 2024-01-03 | NULL | 1
--> 2024-01-05 | 7 | 2
--> 2024-01-07 | NULL | 2
--> 2024-01-08 | 8 | 3

SELECT day, max(price) OVER (PARTITION BY run) AS filled FROM (SELECT *, count(price) OVER (ORDER BY day) AS run FROM marks) m ORDER BY day;
--> day | filled
--> 2024-01-01 | 5
--> 2024-01-02 | 5
--> 2024-01-03 | 5
--> 2024-01-05 | 7
--> 2024-01-07 | 7
--> 2024-01-08 | 8

SELECT day, coalesce(price, lag(price) OVER (ORDER BY day)) AS once FROM marks ORDER BY day;
--> day | once
--> 2024-01-01 | 5
--> 2024-01-02 | 5
--> 2024-01-03 | NULL
--> 2024-01-05 | 7
--> 2024-01-07 | 7
--> 2024-01-08 | 8

SELECT day, (SELECT price FROM marks x WHERE x.day <= m.day AND price IS NOT NULL ORDER BY x.day DESC LIMIT 1) AS filled FROM marks m ORDER BY day;
--> day | filled
--> 2024-01-01 | 5
--> 2024-01-02 | 5
--> 2024-01-03 | 5
--> 2024-01-05 | 7
--> 2024-01-07 | 7
--> 2024-01-08 | 8

SELECT day, (array_remove(array_agg(price) OVER (ORDER BY day), NULL))[count(price) OVER (ORDER BY day)] AS filled FROM marks ORDER BY day;
--> day | filled
--> 2024-01-01 | 5
--> 2024-01-02 | 5
--> 2024-01-03 | 5
--> 2024-01-05 | 7
--> 2024-01-07 | 7
--> 2024-01-08 | 8

SELECT g::date AS day, max(price) OVER (PARTITION BY run) AS filled FROM (SELECT g, price, count(price) OVER (ORDER BY g) AS run FROM generate_series(date '2024-01-01', '2024-01-08', '1 day') AS g LEFT JOIN marks ON day = g) s ORDER BY g;
--> day | filled
--> 2024-01-01 | 5
--> 2024-01-02 | 5
--> 2024-01-03 | 5
--> 2024-01-04 | 5
--> 2024-01-05 | 7
--> 2024-01-06 | 7
--> 2024-01-07 | 7
--> 2024-01-08 | 8

SELECT day, min(price) OVER (PARTITION BY run) AS backward FROM (SELECT *, count(price) OVER (ORDER BY day DESC) AS run FROM marks) m ORDER BY day;
--> day | backward
--> 2024-01-01 | 5
--> 2024-01-02 | 7
--> 2024-01-03 | 7
--> 2024-01-05 | 7
--> 2024-01-07 | 8
--> 2024-01-08 | 8

SELECT m.day, round(l.price + (n.price - l.price) * (m.day - l.day) / nullif(n.day - l.day, 0), 4) AS linear
FROM marks m, LATERAL (SELECT * FROM marks x WHERE x.day <= m.day AND price IS NOT NULL ORDER BY day DESC LIMIT 1) l, LATERAL (SELECT * FROM marks x WHERE x.day >= m.day AND price IS NOT NULL ORDER BY day LIMIT 1) n ORDER BY 1;
--> day | linear
--> 2024-01-01 | NULL
--> 2024-01-02 | 5.5000
--> 2024-01-03 | 6.0000
--> 2024-01-05 | NULL
--> 2024-01-07 | 7.6667
--> 2024-01-08 | NULL

SELECT min(day) AS since, max(day) AS until FROM (SELECT day, day - (row_number() OVER (ORDER BY day))::integer AS run FROM marks) d GROUP BY run ORDER BY 1;
--> since | until
--> 2024-01-01 | 2024-01-03
--> 2024-01-05 | 2024-01-05
--> 2024-01-07 | 2024-01-08

SELECT day + 1 AS since, next - 1 AS until FROM (SELECT day, lead(day) OVER (ORDER BY day) AS next FROM marks) d WHERE next - day > 1 ORDER BY 1;
--> since | until
--> 2024-01-04 | 2024-01-04
--> 2024-01-06 | 2024-01-06

SELECT first_value(price) IGNORE NULLS OVER (ORDER BY day) FROM marks;
--! 42601: syntax error at or near "NULLS"

SELECT last_value(price) OVER (ORDER BY day) AS last_is_current FROM marks WHERE day <= '2024-01-02' ORDER BY day;
--> last_is_current
--> 5
--> NULL

SELECT day, nth_value(price, 2) OVER (ORDER BY day) AS second, nth_value(price, 4) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS fourth FROM marks ORDER BY day;
--> day | second | fourth
--> 2024-01-01 | NULL | 7
--> 2024-01-02 | NULL | 7
--> 2024-01-03 | NULL | 7
--> 2024-01-05 | NULL | 7
--> 2024-01-07 | NULL | 7
--> 2024-01-08 | NULL | 7
