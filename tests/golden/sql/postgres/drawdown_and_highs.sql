-- New highs, drawdowns and how long they last
-- oracle: postgres
-- chapter: windows

CREATE TABLE equity (day INTEGER PRIMARY KEY, value NUMERIC);

INSERT INTO equity VALUES (1, 100), (2, 110), (3, 105), (4, 99), (5, 112), (6, 112), (7, 90);

SELECT day, value, max(value) OVER (ORDER BY day) AS high, value = max(value) OVER (ORDER BY day) AS at_high FROM equity ORDER BY day;
--> day | value | high | at_high
--> 1 | 100 | 100 | t
--> 2 | 110 | 110 | t
--> 3 | 105 | 110 | f
--> 4 | 99 | 110 | f
--> 5 | 112 | 112 | t
--> 6 | 112 | 112 | t
--> 7 | 90 | 112 | f

SELECT day, value > coalesce(max(value) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '-Infinity') AS new_high FROM equity ORDER BY day;
--> day | new_high
--> 1 | t
--> 2 | t
--> 3 | f
--> 4 | f
--> 5 | t
--> 6 | f
--> 7 | f

SELECT day, round(100 * (value / max(value) OVER (ORDER BY day) - 1), 2) AS drawdown FROM equity ORDER BY day;
--> day | drawdown
--> 1 | 0.00
--> 2 | 0.00
--> 3 | -4.55
--> 4 | -10.00
--> 5 | 0.00
--> 6 | 0.00
--> 7 | -19.64

SELECT min(d) AS worst FROM (SELECT round(value / max(value) OVER (ORDER BY day) - 1, 4) AS d FROM equity) x;
--> worst
--> -0.1964

SELECT day, count(*) FILTER (WHERE under) OVER (PARTITION BY spell ORDER BY day) AS days_under FROM (
  SELECT day, value < max(value) OVER (ORDER BY day) AS under, count(*) FILTER (WHERE top) OVER (ORDER BY day) AS spell FROM (
    SELECT *, value = max(value) OVER (ORDER BY day) AS top FROM equity) t) s ORDER BY day;
--> day | days_under
--> 1 | 0
--> 2 | 0
--> 3 | 1
--> 4 | 2
--> 5 | 0
--> 6 | 0
--> 7 | 1

SELECT day, min(value) OVER (ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS lowest_to_come FROM equity ORDER BY day;
--> day | lowest_to_come
--> 1 | 90
--> 2 | 90
--> 3 | 90
--> 4 | 90
--> 5 | 90
--> 6 | 90
--> 7 | 90

SELECT max(later.value - earlier.value) AS best_gain FROM equity earlier JOIN equity later ON later.day > earlier.day;
--> best_gain
--> 13

SELECT max(value - low) AS best_gain FROM (SELECT value, min(value) OVER (ORDER BY day) AS low FROM equity) x;
--> best_gain
--> 13

SELECT day, round(value / first_value(value) OVER (ORDER BY day) - 1, 4) AS since_begin, round(value / lag(value) OVER (ORDER BY day) - 1, 4) AS daily FROM equity ORDER BY day;
--> day | since_begin | daily
--> 1 | 0.0000 | NULL
--> 2 | 0.1000 | 0.1000
--> 3 | 0.0500 | -0.0455
--> 4 | -0.0100 | -0.0571
--> 5 | 0.1200 | 0.1313
--> 6 | 0.1200 | 0.0000
--> 7 | -0.1000 | -0.1964

SELECT round(avg(r), 6) AS mean, round(stddev_pop(r), 6) AS deviation FROM (SELECT value / lag(value) OVER (ORDER BY day) - 1 AS r FROM equity) x;
--> mean | deviation
--> -0.011285 | 0.108316

SELECT day FROM (SELECT day, value, lag(value) OVER w AS before, lead(value) OVER w AS behind FROM equity WINDOW w AS (ORDER BY day)) x WHERE value > before AND value > behind ORDER BY 1;
--> day
--> 2

SELECT up, count(*) FROM (SELECT value > lag(value) OVER (ORDER BY day) AS up FROM equity) x GROUP BY up ORDER BY up;
--> up | count
--> f | 4
--> t | 2
--> NULL | 1
