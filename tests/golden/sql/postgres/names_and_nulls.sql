-- Names read from texts, NULLs counted, thresholds
-- oracle: postgres
-- chapter: queries

SELECT parse_ident('Schema."My Table".column'), parse_ident(' a . b '), parse_ident('f(x)', false);
--> parse_ident | parse_ident | parse_ident
--> {schema,"My Table",column} | {a,b} | {f}

SELECT parse_ident('a b');
--! 22023: string is not a valid identifier: "a b"

SELECT parse_ident('a.');
--! 22023: string is not a valid identifier: "a."

SELECT unistr('d\0061t\+000061'), unistr('\u0441\U0001F600'), unistr('a\\b'), unistr('\d83d\de00');
--> unistr | unistr | unistr | unistr
--> data | с😀 | a\b | 😀

SELECT unistr('\wrong');
--! 42601: invalid Unicode escape

SELECT unistr('\d83d');
--! 42601: invalid Unicode surrogate pair

SELECT num_nulls(1, NULL, 'a'), num_nonnulls(1, NULL, 'a');
--> num_nulls | num_nonnulls
--> 1 | 2

SELECT width_bucket(5, ARRAY[1, 3, 7]), width_bucket(0.5, ARRAY[1, 3]), width_bucket('2024-02-01'::date, ARRAY['2024-01-01'::date, '2024-02-01'::date]);
--> width_bucket | width_bucket | width_bucket
--> 2 | 0 | 2

SELECT width_bucket(5, ARRAY[1, NULL]);
--! 22004: thresholds array must not contain NULLs

SELECT time '040506.789', time '0405', to_char(interval '2 years 3 months 4 days', 'DDD');
--> time | time | to_char
--> 04:05:06.789 | 04:05:00 | 814

SELECT (date '2024-01-01', date '2024-01-31') OVERLAPS (date '2024-01-15', interval '10 days');
--> overlaps
--> t

SELECT ARRAY[[1, 2], [3, 4]] || ARRAY[5, 6];
--> ?column?
--> {{1,2},{3,4},{5,6}}

SELECT ARRAY[[1, 2], [3, 4]] || '[2:3]={5,6}'::integer[];
--! 2202E: cannot concatenate incompatible arrays

SELECT (SELECT 1)::text, (SELECT now() LIMIT 0)::date, CASE WHEN true THEN 1 ELSE (SELECT 2) END, NOT EXISTS (SELECT 1);
--> ?column? | now | ?column? | ?column?
--> 1 | NULL | 1 | f
