-- Which operator binds first
-- oracle: postgres
-- chapter: lexical

SELECT 1 + 2 = 3 AS sum_first, NOT 1 = 2 AS not_last, 1 = 1 AND 2 = 2 OR 1 = 2 AS and_first;
--> sum_first | not_last | and_first
--> t | t | t

SELECT 2 < 3 = true AS compared;
--! 42601: syntax error at or near "="

SELECT 'a' || 'b' = 'ab' AS joined_first, 1 < 2 IS TRUE AS is_lowest;
--> joined_first | is_lowest
--> t | t

SELECT NOT NULL IS NULL AS n, NOT true IS NULL AS m;
--> n | m
--> f | t

SELECT 2 BETWEEN 1 AND 3 AND true AS two_ands, 'a' LIKE 'b' = false AS x;
--> two_ands | x
--> t | t

SELECT -2::text || 'x' AS cast_first;
--! 42883: operator does not exist: - text

SELECT @ -5 AS absolute, |/ 25.0 AS root, ||/ 8.0 AS cube_root, 5 & 3 | 8 AS bits, 1 << 2 + 1 AS shifted;
--> absolute | root | cube_root | bits | shifted
--> 5 | 5 | 2 | 9 | 8

SELECT 4 % 3 * 2 AS m, 2 * 4 % 3 AS n;
--> m | n
--> 2 | 2

SELECT 'x' IS DISTINCT FROM 'y' AND true AS d;
--> d
--> t
