-- Numbers behind a backslash: groups matched before, and characters in octal
-- oracle: postgres
-- chapter: functions

SELECT 'aa' ~ '^(a)\1$' AS group_again, 'ab' ~ '^(a)\1$' AS another, 'a1' ~ '^(a)\061$' AS octal, E'a\n' ~ '^(a)\12$' AS no_group_12, 'S1' ~ '^\1231$' AS of_three, 'é' ~ '^\351$' AS of_a_byte;
--> group_again | another | octal | no_group_12 | of_three | of_a_byte
--> t | f | t | t | t | t

SELECT '1' ~ '^[\061]$' AS in_brackets, 'abcdefghijj' ~ '^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10$' AS group_10, E' 0' ~ '^\0400$' AS zero_first;
--> in_brackets | group_10 | zero_first
--> t | t | t

SELECT 'a' ~ '\1';
--! 2201B: invalid regular expression: invalid backreference number

SELECT 'a' ~ '(a\1)';
--! 2201B: invalid regular expression: invalid backreference number

SELECT 'a' ~ '(?:a)\1';
--! 2201B: invalid regular expression: invalid backreference number

SELECT 'a' ~ '\89';
--! 2201B: invalid regular expression: invalid escape \ sequence

SELECT '1' ~ '[\1]';
--! 2201B: invalid regular expression: invalid escape \ sequence

SELECT '1' ~ encode('\xff00'::bytea, 'escape') AS bytes_as_a_pattern;
--> bytes_as_a_pattern
--> f

SELECT string_agg(DISTINCT 'a', 'b' ORDER BY 'c') FILTER (WHERE 1);
--! 42804: argument of FILTER must be type boolean, not type integer
