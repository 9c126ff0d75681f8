-- Functions of numbers
-- oracle: postgres
-- chapter: functions

SELECT abs(-17.4) AS abs, cbrt(8) AS cbrt, ceil(-42.8) AS ceil, ceiling(95.3) AS ceiling, floor(-42.8) AS floor, degrees(0.5) AS degrees, radians(45.0) AS radians;
--> abs | cbrt | ceil | ceiling | floor | degrees | radians
--> 17.4 | 2 | -42 | 96 | -43 | 28.64788975654116 | 0.7853981633974483

SELECT div(9, 4) AS div, div(-9, 4) AS minus, mod(9, 4) AS mod, mod(-9, 4) AS sign_of_dividend, 9 % -4 AS operator, mod(9.5, 4) AS numeric;
--> div | minus | mod | sign_of_dividend | operator | numeric
--> 2 | -2 | 1 | -1 | 1 | 1.5

SELECT exp(1.0) AS exp, ln(2.0) AS ln, log(100) AS log10, log10(1000) AS also, log(2.0, 64.0) AS log2;
--> exp | ln | log10 | also | log2
--> 2.7182818284590452 | 0.6931471805599453 | 2 | 3 | 6.0000000000000000

SELECT factorial(5) AS f, 10 ^ -2 AS p, power(9, 0.5) AS half, power(2, 10) AS whole, pg_typeof(power(2, 10)), pg_typeof(power(2.0, 10));
--> f | p | half | whole | pg_typeof | pg_typeof
--> 120 | 0.01 | 3.0000000000000000 | 1024 | double precision | numeric

SELECT gcd(1071, 462) AS gcd, lcm(1071, 462) AS lcm, gcd(0, 0) AS none, gcd(-6, 4) AS positive;
--> gcd | lcm | none | positive
--> 21 | 23562 | 0 | 2

SELECT pi() AS pi, sign(-8.4) AS sign, sqrt(2) AS sqrt, sqrt(2.0) AS numeric, sqrt(4) AS two;
--> pi | sign | sqrt | numeric | two
--> 3.141592653589793 | -1 | 1.4142135623730951 | 1.414213562373095 | 2

SELECT sqrt(-1);
--! 2201F: cannot take square root of a negative number

SELECT ln(0);
--! 2201E: cannot take logarithm of zero

SELECT ln(-1.0);
--! 2201E: cannot take logarithm of a negative number

SELECT 0 ^ -1;
--! 2201F: zero raised to a negative power is undefined

SELECT (-8) ^ 0.5;
--! 2201F: a negative number raised to a non-integer power yields a complex result

SELECT factorial(-1);
--! 22003: factorial of a negative number is undefined

SELECT div(1, 0);
--! 22012: division by zero

SELECT mod(1, 0);
--! 22012: division by zero
