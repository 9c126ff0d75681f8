-- regexp_count, regexp_instr, regexp_substr, regexp_like
-- oracle: postgres
-- chapter: functions

SELECT regexp_count('abcabc', 'b') AS two, regexp_count('abcabc', 'b', 3) AS from_three, regexp_count('ABCabc', 'b', 1, 'i') AS no_case, regexp_count('aaa', 'aa') AS apart, regexp_count('abc', '') AS empty;
--> two | from_three | no_case | apart | empty
--> 2 | 1 | 2 | 1 | 4

SELECT regexp_instr('abcabc', 'c') AS first, regexp_instr('abcabc', 'c', 1, 2) AS second, regexp_instr('abcabc', 'c', 1, 1, 1) AS behind, regexp_instr('abc', 'x') AS none, regexp_instr('ab12', '([a-z]+)(\d+)', 1, 1, 0, '', 2) AS of_group;
--> first | second | behind | none | of_group
--> 3 | 6 | 4 | 0 | 3

SELECT regexp_substr('id=42, id=7', '\d+') AS first, regexp_substr('id=42, id=7', '\d+', 1, 2) AS second, regexp_substr('id=42', 'id=(\d+)', 1, 1, '', 1) AS group, regexp_substr('abc', 'x') AS nothing;
--> first | second | group | nothing
--> 42 | 7 | 42 | NULL

SELECT regexp_like('ABC', 'b') AS case, regexp_like('ABC', 'b', 'i') AS no_case, regexp_like('', '') AS empty;
--> case | no_case | empty
--> f | t | t

SELECT regexp_match('2024-03-05', '(\d+)-(\d+)-(\d+)') AS parts, regexp_match('abc', 'x') AS nothing, regexp_match('abc', 'b') AS whole, regexp_match('ab', '(x)?b') AS unmatched;
--> parts | nothing | whole | unmatched
--> {2024,03,05} | NULL | {b} | {NULL}

SELECT regexp_matches('a1b22c333', '\d+', 'g') AS digits;
--> digits
--> {1}
--> {22}
--> {333}

SELECT m[1] AS key, m[2] AS value FROM regexp_matches('a=1;b=2;c=', '(\w)=(\w*)', 'g') AS m;
--> key | value
--> a | 1
--> b | 2
--> c |

SELECT regexp_replace('2024-03-05', '(\d+)-(\d+)-(\d+)', '\3.\2.\1') AS turned, regexp_replace('abcabc', 'b', 'X') AS first, regexp_replace('abcabc', 'b', 'X', 'g') AS all, regexp_replace('abc', 'b', '[\&]') AS itself;
--> turned | first | all | itself
--> 05.03.2024 | aXcabc | aXcaXc | a[b]c

SELECT regexp_replace('abcabc', 'b', 'X', 1, 2) AS second, regexp_replace('abcabc', 'B', 'X', 1, 0, 'i') AS all_no_case, regexp_replace('abcabc', 'b', 'X', 3) AS from_three;
--> second | all_no_case | from_three
--> abcaXc | aXcaXc | abcaXc

SELECT regexp_replace('a  b   c', '\s+', ' ', 'g') AS spaces, regexp_replace('abc', '(.)', '\1\1', 'g') AS doubled, regexp_replace('a.b', '.', '-', 'g') AS dots, regexp_replace('x\y', '\\', '/') AS backslash;
--> spaces | doubled | dots | backslash
--> a b c | aabbcc | --- | x/y

SELECT regexp_split_to_table('a, b ,c', '\s*,\s*') AS item;
--> item
--> a
--> b
--> c

SELECT regexp_split_to_array('abc', '') AS letters, regexp_split_to_array('a1b2', '\d') AS ends_empty, regexp_split_to_array('', ',') AS empty;
--> letters | ends_empty | empty
--> {a,b,c} | {a,b,""} | {""}

SELECT n, part FROM regexp_split_to_table('one two  three', ' ') WITH ORDINALITY AS s(part, n) ORDER BY n;
--> n | part
--> 1 | one
--> 2 | two
--> 3 |
--> 4 | three

SELECT regexp_count('abc', 'b', 0);
--! 22023: invalid value for parameter "start": 0

SELECT regexp_replace('abc', 'b', 'X', 'z');
--! 22023: invalid regular expression option: "z"

SELECT regexp_match('abc', 'b', 'g');
--! 22023: regexp_match() does not support the "global" option

SELECT regexp_count(NULL, 'b') AS n, regexp_replace('abc', NULL, 'x') AS pattern, regexp_replace('abc', 'b', NULL) AS replacement;
--> n | pattern | replacement
--> NULL | NULL | NULL
