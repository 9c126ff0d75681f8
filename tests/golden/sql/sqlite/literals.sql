-- Literals: numbers, texts, blobs, NULL, TRUE
-- oracle: sqlite
-- chapter: expressions

SELECT 42 AS a, 0x1F AS hex, 1e3 AS e, .5 AS half, 5. AS five, 1_000 AS grouped;
--> a | hex | e | half | five | grouped
--> 42 | 31 | 1000.0 | 0.5 | 5.0 | 1000

SELECT 'it''s' AS quote, '' AS empty, x'53514C' AS blob, X'' AS none, typeof(x'00') AS t;
--> quote | empty | blob | none | t
--> it's |  | x'53514c' | x'' | blob

SELECT typeof(1), typeof(1.0), typeof('1'), typeof(x'31'), typeof(NULL);
--> typeof(1) | typeof(1.0) | typeof('1') | typeof(x'31') | typeof(NULL)
--> integer | real | text | blob | null

SELECT TRUE, FALSE, typeof(TRUE), TRUE + TRUE AS two;
--> TRUE | FALSE | typeof(TRUE) | two
--> 1 | 0 | integer | 2

SELECT 9223372036854775807 AS top, 9223372036854775808 AS real, -9223372036854775808 AS bottom, 0x7fffffffffffffff AS hex;
--> top | real | bottom | hex
--> 9223372036854775807 | 9.223372036854776e18 | -9223372036854775808 | 9223372036854775807

SELECT 0xffffffffffffffff AS minus_one, typeof(1e400), 1e400 AS inf, -1e400 AS minus;
--> minus_one | typeof(1e400) | inf | minus
--> -1 | real | inf | -inf

SELECT x'5';
--! unrecognized token: "x'5'"

SELECT x'zz';
--! unrecognized token: "x'zz'"

SELECT 0x10000000000000000;
--! hex literal too big: 0x10000000000000000

SELECT 1.5e AS x;
--! unrecognized token: "1.5e"

SELECT 'a' 'b' AS alias;
--! near "AS": syntax error
