-- The ends of double precision and real, zeros, NaN and infinities
-- oracle: postgres
-- chapter: types

SELECT 1.7976931348623157e308::float8 AS largest, 4.9e-324::float8 AS smallest, 2.2250738585072014e-308::float8 AS normal;
--> largest | smallest | normal
--> 1.7976931348623157e+308 | 5e-324 | 2.2250738585072014e-308

SELECT 1.8e308::float8;
--! 22003: "180000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" is out of range for type double precision

SELECT 1e-400::float8;
--! 22003: "0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001" is out of range for type double precision

SELECT 1e308::float8 * 10;
--! 22003: value out of range: overflow

SELECT 1e-300::float8 * 1e-300::float8;
--! 22003: value out of range: underflow

SELECT 1e308::float8 + 1e308::float8;
--! 22003: value out of range: overflow

SELECT 3.4028235e38::float4 AS largest, 1e-45::float4 AS smallest, 1e39::float4;
--! 22003: "1000000000000000000000000000000000000000" is out of range for type real

SELECT 0.1::float4 AS f4, 0.1::float8 AS f8, 0.1::float4::float8 AS widened, 16777217::float4 AS rounded, 9007199254740993::float8 AS rounded8;
--> f4 | f8 | widened | rounded | rounded8
--> 0.1 | 0.1 | 0.10000000149011612 | 1.6777216e+07 | 9.007199254740992e+15

SELECT '-0'::float8 AS minus_zero, '-0'::float8 = 0 AS equal, 0 * (-1)::float8 AS product, 1 / 'Infinity'::float8 AS zero;
--> minus_zero | equal | product | zero
--> -0 | t | -0 | 0

SELECT 'NaN'::float8 = 'NaN' AS equal, 'NaN'::float8 > 'Infinity' AS greatest, 'NaN'::float8 < 0 AS less;
--> equal | greatest | less
--> t | t | f

SELECT 'Infinity'::float8 - 'Infinity' AS a, 'Infinity'::float8 * 0 AS b, 'inf'::float8 AS c, '-INF'::float8 AS d, 'nan'::float4 AS e;
--> a | b | c | d | e
--> NaN | NaN | Infinity | -Infinity | NaN

SELECT x FROM (VALUES ('NaN'::float8), ('Infinity'), (0), ('-Infinity'), (NULL)) v(x) ORDER BY x;
--> x
--> -Infinity
--> 0
--> Infinity
--> NaN
--> NULL

SELECT max(x) AS max, min(x) AS min, sum(x) AS sum, avg(x) AS avg FROM (VALUES ('NaN'::float8), (1), (2)) v(x);
--> max | min | sum | avg
--> NaN | 1 | NaN | NaN

SELECT count(DISTINCT x) AS distinct FROM (VALUES ('NaN'::float8), ('NaN'), (0), ('-0')) v(x);
--> distinct
--> 2

SELECT 1.0::float8 AS one, 1e15::float8 AS e15, 1e16::float8 AS e16, 123456789012345678::float8 AS long, 1e-4::float8 AS small, 1e-5::float8 AS smaller;
--> one | e15 | e16 | long | small | smaller
--> 1 | 1e+15 | 1e+16 | 1.2345678901234568e+17 | 0.0001 | 1e-05

SELECT 1e5::float4 AS e5, 1e6::float4 AS e6, 1e7::float4 AS e7, 123456.7::float4 AS digits, 0.00001::float4 AS small;
--> e5 | e6 | e7 | digits | small
--> 100000 | 1e+06 | 1e+07 | 123456.7 | 1e-05

SELECT sqrt((-1)::float8);
--! 2201F: cannot take square root of a negative number

SELECT ln(0::float8);
--! 2201E: cannot take logarithm of zero

SELECT power(0::float8, -1);
--! 2201F: zero raised to a negative power is undefined

SELECT power((-8)::float8, 1.0 / 3);
--! 2201F: a negative number raised to a non-integer power yields a complex result

SELECT 1::float8 / 0;
--! 22012: division by zero

SELECT exp(710::float8);
--! 22003: value out of range: overflow

SELECT ' 1.5 '::float8 AS spaces, '1e3'::float8 AS exponent, '.5'::float8 AS no_zero, '5.'::float8 AS point;
--> spaces | exponent | no_zero | point
--> 1.5 | 1000 | 0.5 | 5

SELECT '1.5x'::float8;
--! 22P02: invalid input syntax for type double precision: "1.5x"
