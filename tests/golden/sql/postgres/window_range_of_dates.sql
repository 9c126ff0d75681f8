-- Windows with RANGE and a distance in time
-- oracle: postgres
-- chapter: windows

CREATE TABLE days (id integer PRIMARY KEY, d date, t time, n integer);

INSERT INTO days VALUES (1, '2024-01-01', '23:30', 2147483647), (2, '2024-01-31', '00:15', 2147483640), (3, '2024-02-29', '23:45', 1), (4, NULL, NULL, NULL), (5, '2024-02-01', '12:00', -2147483648);

SELECT id, count(*) OVER (ORDER BY d RANGE BETWEEN interval '1 month' PRECEDING AND CURRENT ROW) AS n FROM days ORDER BY id;
--> id | n
--> 1 | 1
--> 2 | 2
--> 3 | 3
--> 4 | 1
--> 5 | 3

SELECT id, array_agg(id) OVER (ORDER BY d DESC RANGE BETWEEN interval '10 days' PRECEDING AND interval '1 month' FOLLOWING) AS ids FROM days ORDER BY id;
--> id | ids
--> 1 | {1}
--> 2 | {5,2,1}
--> 3 | {3,5,2}
--> 4 | {4}
--> 5 | {5,2,1}

SELECT id, array_agg(id) OVER (ORDER BY t RANGE BETWEEN interval '1 hour' PRECEDING AND interval '1 hour' FOLLOWING) AS ids FROM days ORDER BY id;
--> id | ids
--> 1 | {1,3}
--> 2 | {2}
--> 3 | {1,3}
--> 4 | {4}
--> 5 | {5}

SELECT id, array_agg(id) OVER (ORDER BY n RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) AS ids FROM days ORDER BY id;
--> id | ids
--> 1 | {2,1}
--> 2 | {2,1}
--> 3 | {3}
--> 4 | {4}
--> 5 | {5}

SELECT id, array_agg(id) OVER (ORDER BY n DESC NULLS FIRST RANGE BETWEEN 10 PRECEDING AND 1 FOLLOWING) AS ids FROM days ORDER BY id;
--> id | ids
--> 1 | {1}
--> 2 | {1,2}
--> 3 | {3}
--> 4 | {4}
--> 5 | {5}

SELECT sum(t - time '12:00') AS s, avg(t - time '12:00') AS a, sum(NULL::interval) AS n FROM days;
--> s | a | n
--> 11:30:00 | 02:52:30 | NULL

SELECT id, count(*) OVER (ORDER BY id::smallint RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS s, count(*) OVER (ORDER BY id::bigint RANGE 2::smallint PRECEDING) AS b, count(*) OVER (ORDER BY id::real RANGE BETWEEN 1.5 PRECEDING AND 0.5 FOLLOWING) AS r FROM days ORDER BY id;
--> id | s | b | r
--> 1 | 1 | 1 | 1
--> 2 | 2 | 2 | 2
--> 3 | 2 | 3 | 2
--> 4 | 2 | 3 | 2
--> 5 | 2 | 3 | 2
