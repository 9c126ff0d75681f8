-- Which operator binds first: || before *, * before +, comparisons before IS, AND before OR
-- oracle: sqlite
-- chapter: expressions

SELECT 7 * 2 || 3 AS joined_first, 2 || 3 * 7 AS joined_too, 10 / 2 || 5 AS divided_last, 10 % 3 || 0 AS rest_last;
--> joined_first | joined_too | divided_last | rest_last
--> 161 | 161 | 0 | 10

SELECT 1 + 2 || 3 AS sum_last, 1 || 2 + 3 AS sum_after, -1 || 2 AS minus_first, -(1 || 2) AS minus_last, 'a' || 'b' = 'ab' AS compared;
--> sum_last | sum_after | minus_first | minus_last | compared
--> 24 | 15 | -12 | -12 | 1

SELECT 1 + 2 * 3 AS product_first, (1 + 2) * 3 AS by_parentheses, 10 - 4 - 3 AS from_left, 100 / 10 / 5 AS quotients, 2 * 3 % 4 AS same_rank;
--> product_first | by_parentheses | from_left | quotients | same_rank
--> 7 | 9 | 3 | 2 | 2

SELECT 1 + 1 << 2 AS sum_first, 1 | 2 + 4 AS or_last, 6 & 3 + 1 AS and_last, 1 << 2 & 12 AS from_left, 3 | 4 & 1 AS bits_from_left;
--> sum_first | or_last | and_last | from_left | bits_from_left
--> 8 | 7 | 4 | 4 | 1

SELECT 1 < 2 = 1 AS less_first, 5 = 3 < 4 AS then_equal, 1 << 1 < 4 AS shift_first, 2 > 1 > 0 AS chain;
--> less_first | then_equal | shift_first | chain
--> 1 | 0 | 1 | 1

SELECT 1 = 1 IS 1 AS from_left, 2 IS 1 + 1 AS sum_first, NULL IS NULL = 1 AS chained, 1 <> 2 IS NOT NULL AS mixed;
--> from_left | sum_first | chained | mixed
--> 1 | 1 | 1 | 1

SELECT NOT 1 = 2 AS not_of_comparison, NOT 0 AND 0 AS not_first, NOT NULL IS NULL AS not_of_is, NOT 1 + 1 AS not_of_sum;
--> not_of_comparison | not_first | not_of_is | not_of_sum
--> 1 | 0 | 0 | 0

SELECT 1 OR 0 AND 0 AS and_first, (1 OR 0) AND 0 AS by_parentheses, 0 AND 0 OR 1 AS or_last, 1 OR NULL AND 0 AS with_null;
--> and_first | by_parentheses | or_last | with_null
--> 1 | 0 | 1 | 1

SELECT -2 * -3 AS signs, ~1 + 1 AS inverted_first, - ~1 AS both, ~-1 AS other_way, +-+1 AS many;
--> signs | inverted_first | both | other_way | many
--> 6 | -1 | 2 | 0 | -1

SELECT 2 BETWEEN 1 AND 3 AND 0 AS between_first, 1 + 1 BETWEEN 2 AND 1 + 2 AS sums_first, 5 BETWEEN 1 AND 3 OR 1 AS or_last;
--> between_first | sums_first | or_last
--> 0 | 1 | 1

SELECT 'a' || 'b' LIKE 'a%' AS joined_first, 1 + 1 IN (2) AS sum_first, NOT 1 IN (2) AS not_last, 'a' LIKE 'a' = 1 AS from_left;
--> joined_first | sum_first | not_last | from_left
--> 1 | 1 | 1 | 1

SELECT 'b' COLLATE NOCASE || 'B' = 'BB' AS collated, 'a' = 'A' COLLATE NOCASE AS last_word, '{"a": 2}' ->> 'a' + 1 AS arrow_first, '{"a": 2}' ->> 'a' || 1 AS arrow_from_left;
--> collated | last_word | arrow_first | arrow_from_left
--> 1 | 1 | 3 | 21

SELECT CASE WHEN 1 THEN 2 END + 1 AS of_case, (SELECT 2) * 3 AS of_query, CAST('2' AS INTEGER) || 1 AS of_cast, 2 * (SELECT 1 + 1) AS product;
--> of_case | of_query | of_cast | product
--> 3 | 6 | 21 | 4

SELECT 1 ISNULL OR 1 AS is_none, NULL NOTNULL = 0 AS not_none, 1 + NULL IS NULL AS sum_is_null, NULL || 'a' ISNULL AS joined_is_null;
--> is_none | not_none | sum_is_null | joined_is_null
--> 1 | 1 | 1 | 1
