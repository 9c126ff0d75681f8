-- Functions that make rows
-- oracle: postgres
-- chapter: queries

SELECT * FROM generate_series(1, 7, 3) AS g;
--> g
--> 1
--> 4
--> 7

SELECT generate_series(3, 1, -1) AS g;
--> g
--> 3
--> 2
--> 1

SELECT generate_series(1, 2) AS a, generate_series(1, 3) AS b;
--> a | b
--> 1 | 1
--> 2 | 2
--> NULL | 3

SELECT * FROM generate_series(TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-02', INTERVAL '12 hours') AS g;
--> g
--> 2024-01-01 00:00:00
--> 2024-01-01 12:00:00
--> 2024-01-02 00:00:00

SELECT count(*) FROM generate_series(1, 0);
--> count
--> 0

SELECT * FROM generate_series(1, 3, 0);
--! 22023: step size cannot equal zero
