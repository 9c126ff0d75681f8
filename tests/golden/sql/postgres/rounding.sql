-- round and trunc
-- oracle: postgres
-- chapter: functions

SELECT round(42.4) AS down, round(42.5) AS half_away, round(-42.5) AS minus, round(2.5::float8) AS half_even, round(3.5::float8) AS other;
--> down | half_away | minus | half_even | other
--> 42 | 43 | -43 | 2 | 4

SELECT round(42.4382, 2) AS two, round(1234.56, -1) AS tens, round(1234.56, -5) AS none, round(5, 2) AS of_integer;
--> two | tens | none | of_integer
--> 42.44 | 1230 | 0 | 5.00

SELECT trunc(42.8) AS t, trunc(-42.8) AS m, trunc(42.4382, 2) AS two, trunc(1234.5, -2) AS hundreds;
--> t | m | two | hundreds
--> 42 | -42 | 42.43 | 1200

SELECT round(1.005::float8, 2);
--! 42883: function round(double precision, integer) does not exist

SELECT pg_typeof(round(42.5)), pg_typeof(round(42.5::float8)), pg_typeof(ceil(1::real)), pg_typeof(round(5));
--> pg_typeof | pg_typeof | pg_typeof | pg_typeof
--> numeric | double precision | double precision | double precision

SELECT round(NULL) AS n, trunc('NaN'::float8) AS nan, ceil(-0.5) AS z, ceil(-0.5::float8) AS minus_zero;
--> n | nan | z | minus_zero
--> NULL | NaN | 0 | -0

SELECT round(99.995, 2) AS carries, round(0.00001, 3) AS zeros;
--> carries | zeros
--> 100.00 | 0.000
