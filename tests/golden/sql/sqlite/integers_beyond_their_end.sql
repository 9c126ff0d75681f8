-- Integers that grow too large become reals, or are errors
-- oracle: sqlite
-- chapter: types

SELECT 9223372036854775807 AS largest, 9223372036854775807 + 1 AS sum, typeof(9223372036854775807 + 1) AS type;
--> largest | sum | type
--> 9223372036854775807 | 9.223372036854776e18 | real

SELECT -9223372036854775808 AS smallest, -9223372036854775808 - 1 AS less, -(-9223372036854775808) AS minus, typeof(-(-9223372036854775808)) AS type;
--> smallest | less | minus | type
--> -9223372036854775808 | -9.223372036854776e18 | 9.223372036854776e18 | real

SELECT 9223372036854775808 AS literal, typeof(9223372036854775808) AS type, 0x7fffffffffffffff AS hexadecimal, 0xffffffffffffffff AS minus_one;
--> literal | type | hexadecimal | minus_one
--> 9.223372036854776e18 | real | 9223372036854775807 | -1

SELECT 4611686018427387904 * 2 AS product, typeof(4611686018427387904 * 2) AS type, 3037000500 * 3037000500 AS near, 3037000499 * 3037000499 AS fits;
--> product | type | near | fits
--> 9.223372036854776e18 | real | 9.22337203700025e18 | 9223372030926249001

SELECT -9223372036854775808 / -1 AS quotient, typeof(-9223372036854775808 / -1) AS type, -9223372036854775808 % -1 AS rest;
--> quotient | type | rest
--> 9.223372036854776e18 | real | 0

SELECT abs(-9223372036854775807) AS fits;
--> fits
--> 9223372036854775807

SELECT abs(-9223372036854775808);
--! integer overflow

SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1);
--! integer overflow

SELECT total(x) AS total FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1);
--> total
--> 9.223372036854776e18

SELECT avg(x) AS avg, typeof(avg(x)) AS type FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 9223372036854775807);
--> avg | type
--> 9.223372036854776e18 | real

SELECT sum(x) AS mixed, typeof(sum(x)) AS type FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1.0);
--> mixed | type
--> 9.223372036854776e18 | real

SELECT CAST(9.3e18 AS INTEGER) AS too_large, CAST(-9.3e18 AS INTEGER) AS too_small, CAST('9223372036854775808' AS INTEGER) AS text, CAST(1e300 AS INTEGER) AS far;
--> too_large | too_small | text | far
--> 9223372036854775807 | -9223372036854775808 | 9223372036854775807 | 9223372036854775807

SELECT 1 << 62 AS a, 1 << 63 AS b, 1 << 64 AS c, -1 >> 63 AS d, -1 >> 64 AS e, 1 << -1 AS f, 8 >> -1 AS g;
--> a | b | c | d | e | f | g
--> 4611686018427387904 | -9223372036854775808 | 0 | -1 | -1 | 0 | 16

SELECT 9007199254740993 AS exact, CAST(9007199254740993 AS REAL) AS rounded, 9007199254740993 = CAST(9007199254740993 AS REAL) AS equal, 9007199254740992 = 9007199254740992.0 AS same;
--> exact | rounded | equal | same
--> 9007199254740993 | 9007199254740992.0 | 0 | 1

SELECT 9223372036854775807 = 9223372036854775807.0 AS compared, 9223372036854775807 < 9223372036854775808.0 AS less, max(9223372036854775807, 9.3e18) AS max;
--> compared | less | max
--> 0 | 1 | 9.3e18

SELECT 1e308 * 10 AS infinity, -1e308 * 10 AS minus, 1e308 * 10 - 1e308 * 10 AS no_number, typeof(1e308 * 10 - 1e308 * 10) AS type, 9e999 AS literal;
--> infinity | minus | no_number | type | literal
--> inf | -inf | NULL | null | inf
