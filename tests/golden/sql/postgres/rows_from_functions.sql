-- Functions in FROM, side by side and numbered
-- oracle: postgres
-- chapter: queries

SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) AS t(n, x);
--> n | x
--> 1 | a
--> 2 | b
--> 3 | NULL

SELECT * FROM ROWS FROM (generate_series(1, 2)) WITH ORDINALITY;
--> generate_series | ordinality
--> 1 | 1
--> 2 | 2

SELECT n FROM abs(-5) AS n;
--> n
--> 5

SELECT * FROM upper('x');
--> upper
--> X

SELECT * FROM length('abc') AS f(n);
--> n
--> 3

SELECT abs FROM abs(-2);
--> abs
--> 2

SELECT * FROM current_date AS d WHERE false;
--> d
--~! 42P01: relation "current_date" does not exist

SELECT x.* FROM unnest(ARRAY[1, 2]) AS x;
--> x
--> 1
--> 2

SELECT * FROM nothing(1);
--! 42883: function nothing(integer) does not exist

SELECT * FROM generate_series(1, 2) AS g(a, b);
--! 42P10: table "g" has 1 columns available but 2 columns specified

SELECT * FROM count(*);
--! 42803: aggregate functions are not allowed in functions in FROM

SELECT * FROM coalesce(1, 2) AS c;
--> c
--> 1
