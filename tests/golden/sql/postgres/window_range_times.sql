-- RANGE over dates, with intervals
-- oracle: postgres
-- chapter: windows

CREATE TABLE quotes (at TIMESTAMP, price NUMERIC);

INSERT INTO quotes VALUES ('2024-01-01 10:00', 10), ('2024-01-01 10:00:30', 12), ('2024-01-01 10:02', 11), ('2024-01-02 10:00', 20);

SELECT at, count(*) OVER (ORDER BY at RANGE BETWEEN interval '1 minute' PRECEDING AND CURRENT ROW) FROM quotes ORDER BY at;
--> at | count
--> 2024-01-01 10:00:00 | 1
--> 2024-01-01 10:00:30 | 2
--> 2024-01-01 10:02:00 | 1
--> 2024-01-02 10:00:00 | 1

SELECT at, avg(price) OVER (ORDER BY at RANGE BETWEEN interval '2 minutes' PRECEDING AND interval '2 minutes' FOLLOWING) FROM quotes ORDER BY at;
--> at | avg
--> 2024-01-01 10:00:00 | 11.0000000000000000
--> 2024-01-01 10:00:30 | 11.0000000000000000
--> 2024-01-01 10:02:00 | 11.0000000000000000
--> 2024-01-02 10:00:00 | 20.0000000000000000

SELECT at::date AS d, max(price) OVER (ORDER BY at::date RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW) FROM quotes ORDER BY at;
--> d | max
--> 2024-01-01 | 12
--> 2024-01-01 | 12
--> 2024-01-01 | 12
--> 2024-01-02 | 20

SELECT price, count(*) OVER (ORDER BY price RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM quotes ORDER BY price;
--> price | count
--> 10 | 1
--> 11 | 2
--> 12 | 2
--> 20 | 1

SELECT count(*) OVER (ORDER BY at RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM quotes;
--! 0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type timestamp without time zone and offset type integer

SELECT count(*) OVER (ORDER BY at RANGE BETWEEN interval '-1 day' PRECEDING AND CURRENT ROW) FROM quotes;
--! 22013: invalid preceding or following size in window function

SELECT count(*) OVER (ORDER BY price::text RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM quotes;
--! 0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type text

SELECT count(*) OVER (ORDER BY at, price RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW) FROM quotes;
--! 42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column
