-- Floating numbers: shortest digits, infinities, NaN
-- oracle: postgres
-- chapter: types

SELECT 0.1::float8 + 0.2::float8 AS sum, 0.1::real AS r, 1e15::float8 AS f, 1e16::float8 AS g, 1e-5::float8 AS small;
--> sum | r | f | g | small
--> 0.30000000000000004 | 0.1 | 1e+15 | 1e+16 | 1e-05

SELECT 100::float8 AS whole, -0.0::float8 AS zero, '-0'::float8 AS minus_zero, 1.0::float8 AS one;
--> whole | zero | minus_zero | one
--> 100 | -0 | -0 | 1

SELECT 'Infinity'::float8 AS i, '-inf'::float8 AS m, 'nan'::float8 AS n;
--> i | m | n
--> Infinity | -Infinity | NaN

SELECT 'nan'::float8 = 'nan'::float8 AS equal, 'nan'::float8 > 'inf'::float8 AS greatest, '-0'::float8 = 0 AS zeros;
--> equal | greatest | zeros
--> t | t | t

SELECT 1::float8 / 0;
--! 22012: division by zero

SELECT 'inf'::float8 / 0 AS x;
--! 22012: division by zero

SELECT 1e308::float8 * 10;
--! 22003: value out of range: overflow

SELECT 1e-300::float8 * 1e-300::float8;
--! 22003: value out of range: underflow

SELECT '1e400'::float8;
--! 22003: "1e400" is out of range for type double precision

SELECT '1e-400'::float8;
--! 22003: "1e-400" is out of range for type double precision

SELECT 'abc'::float8;
--! 22P02: invalid input syntax for type double precision: "abc"

SELECT 1e39::real;
--! 22003: "1000000000000000000000000000000000000000" is out of range for type real

SELECT 16777217::real AS real, 3.4028235e38::real AS top, 1.17549435e-38::real AS bottom;
--> real | top | bottom
--> 1.6777216e+07 | 3.4028235e+38 | 1.1754944e-38

SELECT pg_typeof(1::float(24)) AS short, pg_typeof(1::float(25)) AS long, pg_typeof(1::float) AS plain;
--> short | long | plain
--> real | double precision | double precision

SELECT 1::float(54);
--! 22023: precision for type float must be less than 54 bits

SELECT 2.5::float8::integer AS even, 3.5::float8::integer AS also, -2.5::float8::integer AS minus;
--> even | also | minus
--> 2 | 4 | -2
