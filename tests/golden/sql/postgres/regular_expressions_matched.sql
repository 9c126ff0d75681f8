-- Which part of a text a regular expression matches: the longest, the shortest, and its groups
-- oracle: postgres
-- chapter: functions

SELECT substring('abcd' FROM 'a|ab|abc') AS longest_of_all, substring('abcd' FROM '(a|ab)(bcd|c)?') AS group, substring('abcabc' FROM 'abc|abcab') AS longer;
--> longest_of_all | group | longer
--> abc | a | abcab

SELECT regexp_match('abcd', '(a|ab)(bc|c)?(d)?') AS groups, regexp_match('abcd', '(ab|a)(bc|c)?(d)?') AS other_order;
--> groups | other_order
--> {ab,c,d} | {ab,c,d}
--~> groups | other_order
--~> {a,bc,d} | {ab,c,d}

SELECT regexp_match('foobarbequebaz', '(bar)(beque)') AS two, regexp_match('foobarbequebaz', 'bar.*que') AS whole, regexp_match('abc', '(x)?(b)') AS unmatched;
--> two | whole | unmatched
--> {bar,beque} | {barbeque} | {NULL,b}

SELECT substring('aXbXc' FROM '(.*)X') AS greedy, substring('aXbXc' FROM '(.*?)X') AS lazy, substring('xaaay' FROM 'a*?') = '' AS empty, substring('xaaay' FROM 'a+?') AS one;
--> greedy | lazy | empty | one
--> aXb | a | t | a

SELECT regexp_match('XY1234Z', 'Y*([0-9]{1,3})') AS greedy, regexp_match('XY1234Z', 'Y*?([0-9]{1,3})') AS first_decides;
--> greedy | first_decides
--> {123} | {1}
--~! 0A000: a regular expression that mixes greedy and non-greedy parts, where its match is asked for

SELECT substring('<b>x</b>' FROM '<.+?>') AS shortest, substring('<b>x</b>' FROM '<[^>]+>') AS by_class, substring('<b>x</b>' FROM '<.+>') AS longest;
--> shortest | by_class | longest
--> <b> | <b> | <b>x</b>

SELECT regexp_matches('ab', '((a)|(b))', 'g') AS groups;
--> groups
--> {a,a,NULL}
--> {b,NULL,b}

SELECT regexp_split_to_array('abc', 'b*') AS split, regexp_replace('abc', 'x*', '-', 'g') AS between, regexp_count('aaa', 'a*') AS count, regexp_count('abc', 'x*') AS empties;
--> split | between | count | empties
--> {a,c} | -a-b-c- | 2 | 4

SELECT E'a\nb' ~ 'a$' AS plain, E'a\nb' ~ '(?n)a$' AS n, E'a\nb' ~ '(?w)a$' AS w, E'a\nb' ~ '(?p)a.b' AS p, E'a\nb' ~ '(?s)a.b' AS s, E'a\nb' ~ 'a[^x]b' AS class, E'a\nb' ~ '(?n)a[^x]b' AS class_n;
--> plain | n | w | p | s | class | class_n
--> f | t | t | f | t | t | f

SELECT 'abc' ~ '\Aabc\Z' AS ends, 'ab' ~ 'a(?:b)' AS uncaptured, 'a{b' ~ 'a{b' AS brace, 'a]' ~ 'a]' AS bracket, 'x' ~ '\x78' AS by_number, 'a.b' ~ '***=a.b' AS literal, 'axb' ~ '***=a.b' AS not_literal;
--> ends | uncaptured | brace | bracket | by_number | literal | not_literal
--> t | t | t | t | t | t | f

SELECT 'foo bar' ~ '[[:<:]]bar[[:>:]]' AS word_marks;
--> word_marks
--> t

SELECT 'ab' ~ 'a(?#a comment)b' AS comment;
--> comment
--> t
--~! 2201B: invalid regular expression: quantifier operand invalid

SELECT 'AbC' ~* '[a-c]{3}' AS classes, 'ABC' ~* '(?c)abc' AS sensitive, 'abc' ~ '(?i)ABC' AS within, 'aBc' ~ 'a(B)c' AS plain;
--> classes | sensitive | within | plain
--> t | f | t | t

SELECT regexp_replace('John Smith', '(\w+) (\w+)', '\2, \1') AS turned, regexp_replace('a1b2', '\d', '<\&>', 'g') AS itself, regexp_replace('abc', '(b)(x)?', '[\1\2]') AS unmatched, regexp_replace('abc', 'b', '\\') AS backslash;
--> turned | itself | unmatched | backslash
--> Smith, John | a<1>b<2> | a[b]c | a\c

SELECT substring('Thomas' FROM '...$') AS last, substring('Thomas', 'o(.)') AS group, substring('foobar' FROM 'o(.)b') AS o, substring('abc' FROM '(b)(c)') AS first_group;
--> last | group | o | first_group
--> mas | m | o | b

SELECT 'naïve' ~ '^\w+$' AS word, '日本' ~ '^[[:alpha:]]+$' AS letters, 'é' ~ '^.$' AS one, 'a b' ~ '\s' AS space, '١' ~ '\d' AS arabic_digit;
--> word | letters | one | space | arabic_digit
--> f | f | t | t | f

SELECT 'aaa' ~ '^(a)\1\1$' AS back, 'abab' ~ '^(..)\1$' AS pair, 'abba' ~ '^(.)(.)\2\1$' AS mirrored, 'abcd' ~ '^(.)(.)\2\1$' AS none;
--> back | pair | mirrored | none
--> t | t | t | f
