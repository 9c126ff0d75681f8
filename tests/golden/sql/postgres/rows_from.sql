-- Functions side by side
-- oracle: postgres
-- chapter: queries

SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(10, 11)) AS r (a, b);
--> a | b
--> 1 | 10
--> 2 | 11
--> 3 | NULL

SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['x', 'y', 'z'])) WITH ORDINALITY AS r (a, b, n);
--> a | b | n
--> 1 | x | 1
--> 2 | y | 2
--> NULL | z | 3

SELECT t.n, r.a FROM (VALUES (1), (2)) AS t (n), ROWS FROM (generate_series(1, t.n)) AS r (a) ORDER BY t.n, r.a;
--> n | a
--> 1 | 1
--> 2 | 1
--> 2 | 2

SELECT count(*) FROM ROWS FROM (generate_series(1, 5)) AS r;
--> count
--> 5

SELECT a FROM ROWS FROM (generate_series(1, 2), nowhere(3)) AS r (a, b);
--! 42883: function nowhere(integer) does not exist

SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM generate_series(1, 3) AS g (x);
--> sum
--> 1
--> 3
--> 5
