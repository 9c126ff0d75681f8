-- Numbers as they are written, and the types that they have
-- oracle: postgres
-- chapter: lexical

SELECT 42 AS a, 3.5 AS b, 4. AS c, .001 AS d, 5e2 AS e, 1.925e-3 AS f;
--> a | b | c | d | e | f
--> 42 | 3.5 | 4 | 0.001 | 500 | 0.001925

SELECT pg_typeof(42), pg_typeof(3000000000), pg_typeof(9223372036854775808), pg_typeof(1.0), pg_typeof(1e2);
--> pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
--> integer | bigint | numeric | numeric | numeric

SELECT -2147483648 AS least, pg_typeof(-2147483648), pg_typeof(2147483648);
--> least | pg_typeof | pg_typeof
--> -2147483648 | integer | bigint

SELECT REAL '1.23' AS r, 1.23::REAL AS s, INT8 '7' AS i, float8 '1e400';
--! 22003: "1e400" is out of range for type double precision

SELECT - - 5 AS minus_minus, + 5 AS plus, -5 ^ 2 AS squared, - (5 ^ 2) AS other;
--> minus_minus | plus | squared | other
--> 5 | 5 | 25 | -25

SELECT 2 ^ 3 ^ 2 AS left_associative, 7 - 3 - 2 AS also, 2 + 3 * 4 AS product_first;
--> left_associative | also | product_first
--> 64 | 2 | 14

SELECT 0x10 AS ten;
--! 42601: trailing junk after numeric literal at or near "0x10"
