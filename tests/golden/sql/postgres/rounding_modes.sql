-- Halves are rounded away from zero as numeric, to the even as double precision
-- oracle: postgres
-- chapter: functions

SELECT x, round(x) AS numeric, round(x::float8) AS float FROM (VALUES (0.5), (1.5), (2.5), (-0.5), (-1.5), (-2.5), (2.4999999)) v(x) ORDER BY x;
--> x | numeric | float
--> -2.5 | -3 | -2
--> -1.5 | -2 | -2
--> -0.5 | -1 | -0
--> 0.5 | 1 | 0
--> 1.5 | 2 | 2
--> 2.4999999 | 2 | 2
--> 2.5 | 3 | 2

SELECT x, x::integer AS cast_numeric, x::float8::integer AS cast_float FROM (VALUES (0.5), (1.5), (2.5), (-2.5)) v(x) ORDER BY x;
--> x | cast_numeric | cast_float
--> -2.5 | -3 | -2
--> 0.5 | 1 | 0
--> 1.5 | 2 | 2
--> 2.5 | 3 | 2

SELECT round(1234.5678, 2) AS two, round(1234.5678, 0) AS none, round(1234.5678, -2) AS hundreds, round(1250, -2) AS half, round(-1250, -2) AS negative;
--> two | none | hundreds | half | negative
--> 1234.57 | 1235 | 1200 | 1300 | -1300

SELECT round(2.675, 2) AS numeric, round(2.675::float8::numeric, 2) AS of_float, round(1.005, 2) AS again;
--> numeric | of_float | again
--> 2.68 | 2.68 | 1.01

SELECT round(2.5::float8, 1);
--! 42883: function round(double precision, integer) does not exist

SELECT trunc(1.999) AS a, trunc(-1.999) AS b, trunc(1234.5678, 2) AS c, trunc(1234.5678, -2) AS d;
--> a | b | c | d
--> 1 | -1 | 1234.56 | 1200

SELECT ceil(1.1) AS a, ceil(-1.9) AS b, floor(-1.1) AS c, ceiling(2) AS d, floor(2.0) AS e;
--> a | b | c | d | e
--> 2 | -1 | -2 | 2 | 2

SELECT round(0.5 * 3) AS a, sign(-0.1) AS s, sign(0.0) AS z, round(-0.4) AS zero, round(-0.4::float8) AS minus_zero;
--> a | s | z | zero | minus_zero
--> 2 | -1 | 0 | 0 | -0

SELECT round(1e20, -19) AS big, round(9.995, 2) AS carry, round(99.5) AS carry_more, round(0.00005, 4) AS small;
--> big | carry | carry_more | small
--> 100000000000000000000 | 10.00 | 100 | 0.0001

SELECT 2.345::numeric(4,2) AS by_type, 2.355::numeric(4,2) AS half, -2.345::numeric(4,2) AS negative, 1250::numeric(3,-2);
--> by_type | half | negative | numeric
--> 2.35 | 2.36 | -2.35 | 1300

SELECT sum(round(x, 2)) AS sum_of_rounded, round(sum(x), 2) AS rounded_sum FROM (VALUES (0.333), (0.333), (0.334), (0.005)) v(x);
--> sum_of_rounded | rounded_sum
--> 1.00 | 1.01

SELECT x, floor(x / 0.05 + 0.5) * 0.05 AS to_five_cents FROM (VALUES (1.02), (1.025), (1.03), (1.975)) v(x) ORDER BY x;
--> x | to_five_cents
--> 1.02 | 1.00
--> 1.025 | 1.05
--> 1.03 | 1.05
--> 1.975 | 2.00

SELECT x, CASE WHEN abs(x % 1) = 0.5 THEN 2 * round(x / 2) ELSE round(x) END AS to_even FROM (VALUES (0.5), (1.5), (2.5), (3.5), (2.6)) v(x) ORDER BY x;
--> x | to_even
--> 0.5 | 0
--> 1.5 | 2
--> 2.5 | 2
--> 2.6 | 3
--> 3.5 | 4

SELECT round(NULL::numeric, 2) AS n, round(1.5, NULL) AS no_digits, round('NaN'::numeric, 2) AS nan, trunc('Infinity'::numeric) AS inf;
--> n | no_digits | nan | inf
--> NULL | NULL | NaN | Infinity

SELECT 1.45::float4::numeric AS float4, 1.45::float8::numeric AS float8, 0.1::float4::float8 AS widened, 0.1::float8::float4 AS narrowed;
--> float4 | float8 | widened | narrowed
--> 1.45 | 1.45 | 0.10000000149011612 | 0.1
