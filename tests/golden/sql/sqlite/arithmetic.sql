-- Arithmetic of integers and reals
-- oracle: sqlite
-- chapter: expressions

SELECT 7 / 2 AS whole, 7 / 2.0 AS real, -7 / 2 AS toward_zero, 7 % -3 AS rest;
--> whole | real | toward_zero | rest
--> 3 | 3.5 | -3 | 1

SELECT 1 / 0 AS nothing, 1 % 0 AS nothing_too;
--! near "nothing": syntax error

SELECT 9223372036854775807 + 1 AS overflows;
--> overflows
--> 9.223372036854776e18

SELECT 5 & 3 AS a, 5 | 3 AS o, ~5 AS n, 1 << 4 AS l, -16 >> 2 AS r;
--> a | o | n | l | r
--> 1 | 7 | -6 | 16 | -4

SELECT '12abc' + 1 AS prefix, 'abc' + 1 AS none;
--> prefix | none
--> 13 | 1

SELECT 1.0 AS one, 1e20 AS big, 0.1 + 0.2 AS sum, 1e-7 AS small;
--> one | big | sum | small
--> 1.0 | 1e20 | 0.30000000000000004 | 1e-7
