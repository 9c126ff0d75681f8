-- Numerics that are very long, very small, no number or infinite
-- oracle: postgres
-- chapter: types

SELECT 10::numeric ^ 50 AS power, length((10::numeric ^ 1000)::text) AS digits, 1e-30::numeric AS small;
--> power | digits | small
--> 100000000000000000000000000000000000000000000000000.0000000000000000 | 1018 | 0.000000000000000000000000000001

SELECT 123456789012345678901234567890 * 987654321098765432109876543210 AS product, 123456789012345678901234567890 + 0.000000000000000000001 AS sum;
--> product | sum
--> 121932631137021795226185032733622923332237463801111263526900 | 123456789012345678901234567890.000000000000000000001

SELECT 1.1 ^ 100 AS a, 2 ^ 100::numeric AS b, 0.5 ^ 20::numeric AS c, (-2)::numeric ^ 3 AS d;
--> a | b | c | d
--> 13780.6123398222701841 | 1267650600228229401496703205376.0000000000000000 | 0.0000009536743164 | -8.0000000000000000

SELECT 2::numeric ^ -2 AS a, 0::numeric ^ 0 AS b, 10 ^ -5::numeric AS c;
--> a | b | c
--> 0.2500000000000000 | 1.0000000000000000 | 0.0000100000000000

SELECT 0::numeric ^ -1;
--! 2201F: zero raised to a negative power is undefined

SELECT (-8)::numeric ^ 0.5;
--! 2201F: a negative number raised to a non-integer power yields a complex result

SELECT sqrt(-1::numeric);
--! 2201F: cannot take square root of a negative number

SELECT ln(0::numeric);
--! 2201E: cannot take logarithm of zero

SELECT log(100) AS ten, log(2, 8) AS two, ln(2.718281828459045) AS e, log10(1000) AS log10, log(2.0, 0.125) AS negative;
--> ten | two | e | log10 | negative
--> 2 | 3.0000000000000000 | 0.9999999999999999 | 3 | -3.0000000000000000

SELECT 'NaN'::numeric = 'NaN' AS equal, 'NaN'::numeric > 1e100 AS greater, 'Infinity'::numeric > 1e100 AS infinite, 'NaN'::numeric > 'Infinity' AS top;
--> equal | greater | infinite | top
--> t | t | t | t

SELECT 'Infinity'::numeric - 'Infinity' AS a, 1 / 'Infinity'::numeric AS b, 'Infinity'::numeric * -1 AS c, 0 * 'Infinity'::numeric AS d;
--> a | b | c | d
--> NaN | 0 | -Infinity | NaN

SELECT 'Infinity'::numeric / 0;
--! 22012: division by zero

SELECT 'NaN'::numeric::integer;
--! 0A000: cannot convert NaN to integer

SELECT 'Infinity'::numeric::integer;
--! 0A000: cannot convert infinity to integer

SELECT 1e131072::numeric;
--! 22003: value overflows numeric format

SELECT '1e131071'::numeric > 0 AS fits, '1e-16383'::numeric > 0 AS small;
--> fits | small
--> t | t

SELECT '1e-16384'::numeric = 0 AS lost;
--! 22003: value overflows numeric format
--~> lost
--~> t

SELECT 999.99::numeric(5,2) AS fits, 999.995::numeric(5,2);
--! 22003: numeric field overflow

SELECT 12345::numeric(3);
--! 22003: numeric field overflow

SELECT 0.001::numeric(2,4) AS small_scale, 12345::numeric(3,-2) AS negative_scale;
--> small_scale | negative_scale
--> 0.0010 | 12300

SELECT numeric '1_000';
--! 22P02: invalid input syntax for type numeric: "1_000"

SELECT '0x1F'::numeric;
--! 22P02: invalid input syntax for type numeric: "0x1F"

SELECT -0.0 AS zero, 1.50 = 1.5 AS equal, 1.50::text AS text, '00012.300'::numeric AS zeros, '+5'::numeric AS plus, '5e2'::numeric AS exponent;
--> zero | equal | text | zeros | plus | exponent
--> 0.0 | t | 1.50 | 12.300 | 5 | 500

SELECT sum(x), avg(x), min(x), max(x) FROM (VALUES ('Infinity'::numeric), (1), ('-5')) v(x);
--> sum | avg | min | max
--> Infinity | Infinity | -5 | Infinity

SELECT variance(x) AS variance, stddev(x) AS stddev FROM (VALUES (1e20), (1e20 + 1), (1e20 + 2)) v(x);
--> variance | stddev
--> 1.00000000000000000000 | 1.00000000000000000000
