-- gcd, lcm, mod, div, factorial and other functions of integers
-- oracle: postgres
-- chapter: functions

SELECT gcd(1071, 462) AS gcd, lcm(12, 18) AS lcm, gcd(0, 5) AS zero, lcm(0, 5) AS lcm_zero, gcd(-12, 18) AS negative;
--> gcd | lcm | zero | lcm_zero | negative
--> 21 | 36 | 5 | 0 | 6

SELECT gcd(2.5, 10) AS of_numeric, lcm(0.4, 0.6) AS lcm_numeric;
--> of_numeric | lcm_numeric
--> 2.5 | 1.2

SELECT mod(7, 3) AS a, mod(-7, 3) AS b, mod(7, -3) AS c, -7 % 3 AS d, 7 % -3 AS e;
--> a | b | c | d | e
--> 1 | -1 | 1 | -1 | 1

SELECT div(7, 2) AS a, div(-7, 2) AS b, -7 / 2 AS c, floor(-7 / 2.0) AS d;
--> a | b | c | d
--> 3 | -3 | -3 | -4

SELECT ((-7 % 3) + 3) % 3 AS positive, abs(-5) AS abs, @ -5 AS at, sign(-5) AS sign;
--> positive | abs | at | sign
--> 2 | 5 | 5 | -1

SELECT mod(5, 0);
--! 22012: division by zero

SELECT div(5, 0);
--! 22012: division by zero

SELECT factorial(0) AS f0, factorial(10) AS f10;
--> f0 | f10
--> 1 | 3628800

SELECT factorial(-1);
--! 22003: factorial of a negative number is undefined

SELECT factorial(30) AS wide;
--> wide
--> 265252859812191058636308480000000

SELECT |/ 25.0 AS root, round((||/ 27.0)::numeric, 12) AS cube_root, cbrt(-8) AS negative, 2 ^ 10 AS power, 2 ^ 3 ^ 2 AS from_left;
--> root | cube_root | negative | power | from_left
--> 5 | 3.000000000000 | -2 | 1024 | 64

SELECT width_bucket(5, 0, 10, 5) AS bucket, width_bucket(-1, 0, 10, 5) AS below, width_bucket(10, 0, 10, 5) AS above;
--> bucket | below | above
--> 3 | 0 | 6

SELECT to_hex(255) AS hex, to_hex(-1) AS minus, to_hex(9223372036854775807) AS big, chr(65) AS chr, ascii('A') AS ascii;
--> hex | minus | big | chr | ascii
--> ff | ffffffff | 7fffffffffffffff | A | 65

SELECT 5 & 3 AS and, 5 | 3 AS or, 5 # 3 AS xor, ~5 AS not, 5 << 2 AS left, -5 >> 1 AS right;
--> and | or | xor | not | left | right
--> 1 | 7 | 6 | -6 | 20 | -3

SELECT bit_and(x) AS and, bit_or(x) AS or, bit_xor(x) AS xor FROM (VALUES (12), (10), (NULL)) v(x);
--> and | or | xor
--> 8 | 14 | 6

SELECT greatest(3, 7, NULL, 5) AS g, least(3, NULL, -1) AS l, greatest(NULL, NULL) AS n;
--> g | l | n
--> 7 | -1 | NULL

SELECT degrees(pi()) AS d, radians(180) AS r, pi() AS pi, trunc(random()) AS zero;
--> d | r | pi | zero
--> 180 | 3.141592653589793 | 3.141592653589793 | 0

SELECT num_nulls(1, NULL, 3) AS nulls, num_nonnulls(1, NULL, 3) AS nonnulls, nullif(5, 5) AS n, nullif(5, 6) AS five;
--> nulls | nonnulls | n | five
--> 1 | 2 | NULL | 5
