-- Moving averages, of rows and of days, also where days are missing
-- oracle: postgres
-- chapter: windows

CREATE TABLE closes (day DATE PRIMARY KEY, price NUMERIC);

INSERT INTO closes VALUES ('2024-01-02', 10), ('2024-01-03', 12), ('2024-01-04', NULL), ('2024-01-05', 11), ('2024-01-08', 15), ('2024-01-09', 14);

SELECT day, round(avg(price) OVER (ORDER BY day ROWS 2 PRECEDING), 4) AS rows, round(avg(price) OVER (ORDER BY day RANGE '2 days' PRECEDING), 4) AS days FROM closes ORDER BY day;
--> day | rows | days
--> 2024-01-02 | 10.0000 | 10.0000
--> 2024-01-03 | 11.0000 | 11.0000
--> 2024-01-04 | 11.0000 | 11.0000
--> 2024-01-05 | 11.5000 | 11.5000
--> 2024-01-08 | 13.0000 | 15.0000
--> 2024-01-09 | 13.3333 | 14.5000

SELECT day, count(price) OVER w AS n, CASE WHEN count(price) OVER w = 3 THEN round(avg(price) OVER w, 4) END AS full FROM closes WINDOW w AS (ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) ORDER BY day;
--> day | n | full
--> 2024-01-02 | 1 | NULL
--> 2024-01-03 | 2 | NULL
--> 2024-01-04 | 2 | NULL
--> 2024-01-05 | 2 | NULL
--> 2024-01-08 | 2 | NULL
--> 2024-01-09 | 3 | 13.3333

SELECT day, round(avg(price) OVER (ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), 2) AS centred FROM closes ORDER BY day;
--> day | centred
--> 2024-01-02 | 11.00
--> 2024-01-03 | 11.00
--> 2024-01-04 | 11.50
--> 2024-01-05 | 13.00
--> 2024-01-08 | 13.33
--> 2024-01-09 | 14.50

SELECT day, round(avg(price) OVER (ORDER BY day ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING), 2) AS before FROM closes ORDER BY day;
--> day | before
--> 2024-01-02 | NULL
--> 2024-01-03 | 10.00
--> 2024-01-04 | 11.00
--> 2024-01-05 | 11.00
--> 2024-01-08 | 11.50
--> 2024-01-09 | 13.00

SELECT day, round(avg(price) OVER (ORDER BY day ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), 2) AS after FROM closes ORDER BY day;
--> day | after
--> 2024-01-02 | 12.00
--> 2024-01-03 | 11.00
--> 2024-01-04 | 13.00
--> 2024-01-05 | 14.50
--> 2024-01-08 | 14.00
--> 2024-01-09 | NULL

SELECT day, round(stddev_samp(price) OVER (ORDER BY day ROWS 2 PRECEDING), 6) AS deviation FROM closes ORDER BY day;
--> day | deviation
--> 2024-01-02 | NULL
--> 2024-01-03 | 1.414214
--> 2024-01-04 | 1.414214
--> 2024-01-05 | 0.707107
--> 2024-01-08 | 2.828427
--> 2024-01-09 | 2.081666

SELECT day, min(price) OVER w AS low, max(price) OVER w AS high FROM closes WINDOW w AS (ORDER BY day ROWS 1 PRECEDING) ORDER BY day;
--> day | low | high
--> 2024-01-02 | 10 | 10
--> 2024-01-03 | 10 | 12
--> 2024-01-04 | 12 | 12
--> 2024-01-05 | 11 | 11
--> 2024-01-08 | 11 | 15
--> 2024-01-09 | 14 | 15

SELECT day, round((3 * price + 2 * lag(price) OVER w + lag(price, 2) OVER w) / 6, 4) AS weighted FROM closes WHERE price IS NOT NULL WINDOW w AS (ORDER BY day) ORDER BY day;
--> day | weighted
--> 2024-01-02 | NULL
--> 2024-01-03 | NULL
--> 2024-01-05 | 11.1667
--> 2024-01-08 | 13.1667
--> 2024-01-09 | 13.8333

SELECT day, round(avg(price) OVER (ORDER BY day DESC ROWS 2 PRECEDING), 4) AS from_the_end FROM closes ORDER BY day;
--> day | from_the_end
--> 2024-01-02 | 11.0000
--> 2024-01-03 | 11.5000
--> 2024-01-04 | 13.0000
--> 2024-01-05 | 13.3333
--> 2024-01-08 | 14.5000
--> 2024-01-09 | 14.0000

SELECT day, round(avg(price) OVER (ORDER BY day GROUPS 1 PRECEDING), 4) AS groups FROM closes ORDER BY day;
--> day | groups
--> 2024-01-02 | 10.0000
--> 2024-01-03 | 11.0000
--> 2024-01-04 | 12.0000
--> 2024-01-05 | 11.0000
--> 2024-01-08 | 13.0000
--> 2024-01-09 | 14.5000

SELECT day, sign(avg(price) OVER (ORDER BY day ROWS 1 PRECEDING) - avg(price) OVER (ORDER BY day ROWS 3 PRECEDING)) AS signal FROM closes ORDER BY day;
--> day | signal
--> 2024-01-02 | 0
--> 2024-01-03 | 0
--> 2024-01-04 | 1
--> 2024-01-05 | 0
--> 2024-01-08 | 1
--> 2024-01-09 | 1

SELECT day, avg(price) OVER (ORDER BY day ROWS -1 PRECEDING) FROM closes;
--! 22013: frame starting offset must not be negative
