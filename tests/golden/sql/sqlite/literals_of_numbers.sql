-- Numbers as they are written: hexadecimal, exponents, separators
-- oracle: sqlite
-- chapter: expressions

SELECT 0x1F AS hexadecimal, 0XfF AS upper, 1e3 AS exponent, 1E-3 AS negative, .5 AS no_zero, 5. AS no_digits;
--> hexadecimal | upper | exponent | negative | no_zero | no_digits
--> 31 | 255 | 1000.0 | 0.001 | 0.5 | 5.0

SELECT 1_000_000 AS separated, 1_000.000_1 AS real, 0xFF_FF AS hexadecimal, 1_0e1_0 AS exponent;
--> separated | real | hexadecimal | exponent
--> 1000000 | 1000.0001 | 65535 | 100000000000.0

SELECT 1__0;
--! unrecognized token: "1__0"
--~! unrecognized token: "__0;"

SELECT 1_;
--! unrecognized token: "1_"
--~! unrecognized token: "_;"

SELECT 1x;
--! unrecognized token: "1x"

SELECT 0x;
--! unrecognized token: "0x"

SELECT 1e;
--! unrecognized token: "1e"

SELECT 0x1.5;
--! near ".5": syntax error

SELECT typeof(1) AS a, typeof(1.0) AS b, typeof(1e0) AS c, typeof(0x1) AS d, typeof('1') AS e, typeof(x'01') AS f, typeof(NULL) AS g, typeof(TRUE) AS h;
--> a | b | c | d | e | f | g | h
--> integer | real | real | integer | text | blob | null | integer

SELECT 1.0 AS one, 100000.0 AS e5, 1e15 AS e15, 1e16 AS e16, 123456789.123456789 AS digits, 1e-5 AS small, 0.0001 AS less_small;
--> one | e5 | e15 | e16 | digits | small | less_small
--> 1.0 | 100000.0 | 1000000000000000.0 | 1e16 | 123456789.12345679 | 1e-5 | 0.0001

SELECT 1.0 || '' AS one, 1e15 || '' AS e15, 1e16 || '' AS e16, 123456789.123456789 || '' AS digits, 0.1 + 0.2 || '' AS sum, -0.0 || '' AS zero, 1e100 || '' AS large;
--> one | e15 | e16 | digits | sum | zero | large
--> 1.0 | 1000000000000000.0 | 10000000000000000.0 | 123456789.12345679 | 0.30000000000000004 | 0.0 | 1.0e+100

SELECT -5 AS minus, - 5 AS spaced, --5
7 AS comment, +-+5 AS signs, -(-5) AS double;
--> minus | spaced | comment | signs | double
--> -5 | -5 | 7 | -5 | 5

SELECT 0x8000000000000000 AS smallest, -0x8000000000000000 AS minus, 0x10000000000000000;
--! hex literal too big: 0x10000000000000000

SELECT x'' AS empty, X'0aFF' AS upper, length(x'0aff') AS length, x'0aff' = X'0AFF' AS same;
--> empty | upper | length | same
--> x'' | x'0aff' | 2 | 1

SELECT x'0a0';
--! unrecognized token: "x'0a0'"

SELECT 'it''s' AS quoted, '' AS empty, 'a' 'b';
--> quoted | empty | b
--> it's |  | a
