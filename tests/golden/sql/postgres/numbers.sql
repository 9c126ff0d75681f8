-- Integers overflow, numerics are exact, division by zero is an error
-- oracle: postgres
-- chapter: expressions

SELECT 2147483647 + 1 AS overflow;
--! 22003: integer out of range

SELECT 2147483647::bigint + 1 AS wide;
--> wide
--> 2147483648

SELECT 9223372036854775807 + 1 AS overflow;
--! 22003: bigint out of range

SELECT 7 / 2 AS whole, -7 / 2 AS toward_zero, 7 % -3 AS rest, 7.0 / 2 AS exact;
--> whole | toward_zero | rest | exact
--> 3 | -3 | 1 | 3.5000000000000000

SELECT 1 / 0;
--! 22012: division by zero

SELECT 1.0 / 3 AS third, 2::numeric / 3 AS two_thirds, 10.50 * 2 AS scaled;
--> third | two_thirds | scaled
--> 0.33333333333333333333 | 0.66666666666666666667 | 21.00

SELECT 0.1 + 0.2 AS exact, 0.1::float8 + 0.2::float8 AS floating;
--> exact | floating
--> 0.3 | 0.30000000000000004

SELECT round(2.5) AS a, round(-2.5) AS b, round(2.5::float8) AS even, round(3.14159, 2) AS c, trunc(2.7) AS t;
--> a | b | even | c | t
--> 3 | -3 | 2 | 3.14 | 2

SELECT sum(x) AS s, avg(x) AS a FROM (VALUES (1), (2), (4)) AS v(x);
--> s | a
--> 7 | 2.3333333333333333

SELECT pg_typeof(1 + 1) AS a, pg_typeof(1.5) AS b, pg_typeof(sum(1::bigint)) AS c;
--> a | b | c
--> integer | numeric | numeric

SELECT 5 & 3 AS a, 5 | 3 AS o, 5 # 3 AS x, ~5 AS n, 1 << 4 AS l, -16 >> 2 AS r;
--> a | o | x | n | l | r
--> 1 | 7 | 6 | -6 | 16 | -4

SELECT abs(-5) AS a, sign(-2.5) AS s, ceil(1.2) AS c, floor(-1.2) AS f, mod(7, 3) AS m, power(2, 10) AS p, sqrt(2::numeric) AS q;
--> a | s | c | f | m | p | q
--> 5 | -1 | 2 | -2 | 1 | 1024 | 1.414213562373095

SELECT 'NaN'::float8 = 'NaN'::float8 AS same, 'Infinity'::float8 > 1e308 AS greater;
--> same | greater
--> t | t
