-- Which operators bind first, beyond + and *: || and ->, comparisons, NOT, IS, BETWEEN, casts, signs
-- oracle: postgres
-- chapter: lexical

SELECT 7 * 2 || 'x' AS product_first, 2 + 3 || 'x' AS sum_first, '2' || 3 || 4 AS from_left, 4 - 2 || 'x' AS difference_first;
--> product_first | sum_first | from_left | difference_first
--> 14x | 5x | 234 | 2x

SELECT '{"a": {"b": 5}}'::jsonb -> 'a' ->> 'b' AS from_left, ('{"a": 5}'::jsonb ->> 'a')::integer + 1 AS needs_parentheses, '{"a": 5}'::jsonb ->> 'a' || '!' AS joined_after, '{"a": 5}'::jsonb ->> 'a' = '5' AS compared_last;
--> from_left | needs_parentheses | joined_after | compared_last
--> 5 | 6 | 5! | t

SELECT '{"a": 5}'::jsonb ->> 'a' + 1;
--! 22P02: invalid input syntax for type integer: "a"

SELECT 2 ^ 3 ^ 2 AS powers_from_left, -2 ^ 2 AS sign_first, 2 ^ -1 AS sign_behind, - -3 AS twice, 2 * 3 % 4 AS same_rank, 10 - 4 - 3 AS from_left;
--> powers_from_left | sign_first | sign_behind | twice | same_rank | from_left
--> 64 | 4 | 0.5 | 3 | 2 | 3

SELECT 1 << 2 + 1 AS sum_first, 5 & 3 + 1 AS and_last, 2 | 1 << 1 AS from_left, 6 # 3 & 2 AS others_from_left, ~1 + 1 AS inverted_first;
--> sum_first | and_last | from_left | others_from_left | inverted_first
--> 8 | 4 | 6 | 0 | -3

SELECT -5::text;
--! 42883: operator does not exist: - text

SELECT (-5)::text AS sign_before, - '5'::integer AS minus, 2 * '3'::integer + 1 AS cast_first, '2024-01-01'::date + 1 AS date;
--> sign_before | minus | cast_first | date
--> -5 | -5 | 7 | 2024-01-02

SELECT -32768::smallint;
--! 22003: smallint out of range

SELECT NOT true AND false AS not_first, NOT (true AND false) AS parentheses, true OR false AND false AS and_first, NOT 1 = 2 AS not_last, NOT 1 IS NULL AS not_of_is;
--> not_first | parentheses | and_first | not_last | not_of_is
--> f | t | t | t | t

SELECT 1 = 1 IS TRUE AS is_last, 1 + 1 IS NULL AS sum_first, NULL IS NULL = true AS then_equal, 1 IS DISTINCT FROM 1 + 0 AS sum_in_is;
--> is_last | sum_first | then_equal | sum_in_is
--> t | f | t | f

SELECT 1 < 2 = true;
--! 42601: syntax error at or near "="

SELECT 1 = 1 = true;
--! 42601: syntax error at or near "="

SELECT 3 BETWEEN 1 + 1 AND 2 + 2 AS sums_first, 3 BETWEEN 1 AND 2 OR true AS or_last, NOT 3 BETWEEN 1 AND 2 AS not_last, 2 BETWEEN 1 AND 3 = true AS compared;
--> sums_first | or_last | not_last | compared
--> t | t | t | t

SELECT 'a' || 'b' LIKE 'a_' AS joined_first, 'a' LIKE 'a' || '%' AS joined_within, 'a' || 'b' IN ('ab') AS in_last, NOT 'a' IN ('b') AS not_in, 1 + 1 IN (2) AS sum_first;
--> joined_first | joined_within | in_last | not_in | sum_first
--> t | t | t | t | t

SELECT ARRAY[1, 2] || 3 = ARRAY[1, 2, 3] AS joined_first, (ARRAY[1, 2])[1] + 1 AS subscript_first, ARRAY[1] || ARRAY[2] @> ARRAY[2] AS from_left, 1 = ANY (ARRAY[1]) AND true AS any_first;
--> joined_first | subscript_first | from_left | any_first
--> t | 2 | t | t

SELECT timestamp '2024-01-01 10:00' AT TIME ZONE 'UTC' = timestamptz '2024-01-01 10:00+00' AS zone_first, date '2024-01-31' + interval '1 month' - interval '1 day' AS from_left, 'a' < 'B' COLLATE "C" AS collate_first;
--> zone_first | from_left | collate_first
--> t | 2024-02-28 00:00:00 | f

SELECT @ -3 + 1 AS absolute_of_sum, |/ 16 + 9 AS root_of_sum, (|/ 16) + 9 AS root_first, 2 * |/ 16 AS product;
--> absolute_of_sum | root_of_sum | root_first | product
--> 2 | 5 | 13 | 8

SELECT 'x' ~ 'x' AND NOT 'x' ~ 'y' AS matches, 'ab' ~ 'a' || 'b' AS joined_within, 'a' || 'b' ~ 'ab$' AS from_left;
--> matches | joined_within | from_left
--> t | trueb | t
