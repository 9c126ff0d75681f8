-- How many digits a quotient of numerics has
-- oracle: postgres
-- chapter: types

SELECT 1::numeric / 3 AS third, 2::numeric / 3 AS two_thirds, 10::numeric / 3 AS ten, 100000::numeric / 3 AS large;
--> third | two_thirds | ten | large
--> 0.33333333333333333333 | 0.66666666666666666667 | 3.3333333333333333 | 33333.333333333333

SELECT 1.0 / 3 AS a, 1.00000000000000000000 / 3 AS more_digits, 1 / 3.0000000000000000000000 AS divisor_digits;
--> a | more_digits | divisor_digits
--> 0.33333333333333333333 | 0.33333333333333333333 | 0.3333333333333333333333

SELECT 0.0001 / 3 AS small, 0.0000000001 / 7 AS smaller, 1e-20 / 3 AS tiny;
--> small | smaller | tiny
--> 0.000033333333333333333333 | 0.0000000000142857142857142857 | 0.0000000000000000000033333333333333333333

SELECT 6::numeric / 2 AS even, 7.50 / 2.5 AS exact, 1::numeric / 8 AS eighth;
--> even | exact | eighth
--> 3.0000000000000000 | 3.0000000000000000 | 0.12500000000000000000

SELECT 12345678901234567890 / 7 AS wide, 1e30 / 7 AS wider, 1e30 / 1e10 AS powers;
--> wide | wider | powers
--> 1763668414462081127 | 142857142857142857142857142857 | 100000000000000000000

SELECT 7 / 2 AS integers, 7 / 2.0 AS mixed, 7 / 2::float8 AS float, -7 / 2 AS negative;
--> integers | mixed | float | negative
--> 3 | 3.5000000000000000 | 3.5 | -3

SELECT 1.10 + 2.200 AS sum, 1.10 - 1.1 AS difference, 1.10 * 2.20 AS product, 1.50 * 2 AS by_integer;
--> sum | difference | product | by_integer
--> 3.300 | 0.00 | 2.4200 | 3.00

SELECT 7.5 % 2 AS a, -7.5 % 2 AS b, 7.5 % -2.25 AS c, 1e20 % 7 AS d;
--> a | b | c | d
--> 1.5 | -1.5 | 0.75 | 2

SELECT div(7.5, 2) AS a, div(-7.5, 2) AS b, mod(7.5, 2) AS c, div(1e20, 7) AS d;
--> a | b | c | d
--> 3 | -3 | 1.5 | 14285714285714285714

SELECT 5 / 0.0;
--! 22012: division by zero

SELECT 5 % 0.0;
--! 22012: division by zero

SELECT avg(x) AS avg, sum(x) / count(x) AS by_hand FROM (VALUES (1), (2), (2)) v(x);
--> avg | by_hand
--> 1.6666666666666667 | 1

SELECT avg(x) AS avg FROM (VALUES (1.5), (2.25), (1000000)) v(x);
--> avg
--> 333334.583333333333

SELECT scale(1.10 * 2.20) AS s1, scale(1::numeric / 3) AS s2, min_scale(1.500) AS s3, trim_scale(1.500) AS s4;
--> s1 | s2 | s3 | s4
--> 4 | 20 | 1 | 1.5

SELECT (1::numeric / 3) * 3 AS not_one, (1::numeric / 3) * 3 = 1 AS equal, round((1::numeric / 3) * 3, 10) = 1 AS rounded;
--> not_one | equal | rounded
--> 0.99999999999999999999 | f | t

SELECT sqrt(2::numeric) AS root, exp(1::numeric) AS e, ln(10::numeric) AS ln, 2::numeric ^ 0.5 AS power;
--> root | e | ln | power
--> 1.414213562373095 | 2.7182818284590452 | 2.3025850929940457 | 1.4142135623730950
