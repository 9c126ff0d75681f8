-- power, exp, ln and log: their types, their digits, their errors
-- oracle: postgres
-- chapter: functions

SELECT power(2, 10) AS p, pg_typeof(power(2, 10)) AS type, power(2.0, 10) AS n, pg_typeof(power(2.0, 10)) AS ntype;
--> p | type | n | ntype
--> 1024 | double precision | 1024.0000000000000000 | numeric

SELECT 2 ^ 0.5 AS half, 2::float8 ^ 0.5 AS float, power(9, 0.5) AS nine, (-8) ^ 3 AS negative;
--> half | float | nine | negative
--> 1.4142135623730950 | 1.4142135623730951 | 3.0000000000000000 | -512

SELECT exp(0) AS e0, exp(1.0) AS e1, exp(1::float8) AS f1, exp(-1.0) AS minus;
--> e0 | e1 | f1 | minus
--> 1 | 2.7182818284590452 | 2.718281828459045 | 0.3678794411714423

SELECT ln(1) AS zero, ln(10.0) AS ln, ln(10::float8) AS f, log(10) AS log, log(1000.0) AS log_n;
--> zero | ln | f | log | log_n
--> 0 | 2.3025850929940457 | 2.302585092994046 | 1 | 3.0000000000000000

SELECT log(2, 1024) AS two, log(3.0, 81.0) AS three, log10(0.01) AS hundredth;
--> two | three | hundredth
--> 10.0000000000000000 | 4.0000000000000000 | -2.0000000000000000

SELECT ln(-1);
--! 2201E: cannot take logarithm of a negative number

SELECT log(0);
--! 2201E: cannot take logarithm of zero

SELECT log(1, 5);
--! 22012: division by zero

SELECT log(-2.0, 4.0);
--! 2201E: cannot take logarithm of a negative number

SELECT exp(1000.0) > 1e400 AS numeric_has_no_end;
--> numeric_has_no_end
--> t

SELECT exp(1000::float8);
--! 22003: value out of range: overflow

SELECT sqrt(2) AS f, sqrt(2.0) AS n, sqrt(0) AS zero, sqrt(16) AS four;
--> f | n | zero | four
--> 1.4142135623730951 | 1.414213562373095 | 0 | 4

SELECT sqrt(-1);
--! 2201F: cannot take square root of a negative number

SELECT round(cbrt(27)::numeric, 12) AS three, cbrt(2.0) = cbrt(2::float8) AS same;
--> three | same
--> 3.000000000000 | t

SELECT power(0, 0) AS one, power(0, 5) AS zero, power(1, 'Infinity'::float8) AS inf, power('NaN'::float8, 0) AS nan;
--> one | zero | inf | nan
--> 1 | 0 | 1 | 1

SELECT round(ln(2.0), 10) AS ln, round(exp(ln(5.0)), 10) AS back, round(power(1.05, 10), 6) AS growth;
--> ln | back | growth
--> 0.6931471806 | 5.0000000000 | 1.628895

SELECT round(100 * (power(121.0 / 100, 1.0 / 2) - 1), 4) AS percent_a_year, round(72 / 8.0, 2) AS years_to_double, round(ln(2.0) / ln(1.08), 2) AS exactly;
--> percent_a_year | years_to_double | exactly
--> 10.0000 | 9.00 | 9.01
