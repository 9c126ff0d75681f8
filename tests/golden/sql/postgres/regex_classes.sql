-- Regular expressions: classes, bounds, anchors, lookaround, back references
-- oracle: postgres
-- chapter: functions

SELECT 'abc123' ~ '\d+' AS digits, 'abc' ~ '\d' AS none, 'a b' ~ '\s' AS space, 'a_1' ~ '^\w+$' AS word, 'a-1' ~ '^\w+$' AS not_word;
--> digits | none | space | word | not_word
--> t | f | t | t | f

SELECT 'abc' ~ '[[:digit:]]' AS digit, 'aB' ~ '^[[:alpha:]]+$' AS alpha, 'a1' ~ '^[[:alnum:]]+$' AS alnum, E'\t' ~ '[[:space:]]' AS space, 'aB' ~ '[[:upper:]]' AS upper;
--> digit | alpha | alnum | space | upper
--> f | t | t | t | t

SELECT 'abc' ~ '^abc$' AS anchored, 'xabc' ~ '^abc' AS begins, 'the cat' ~ '\mcat\M' AS word, 'concat' ~ '\mcat' AS inside, 'a cat!' ~ '\ycat\y' AS boundary;
--> anchored | begins | word | inside | boundary
--> t | f | t | f | t

SELECT 'aaa' ~ '^a{3}$' AS exact, 'aaaa' ~ '^a{2,3}$' AS bounds, 'ab' ~ 'a{0}b' AS zero, 'aaaa' ~ '^a{2,}$' AS open, 'a{2' ~ 'a\{2' AS literal;
--> exact | bounds | zero | open | literal
--> t | f | t | t | t

SELECT substring('foobar' FROM 'o+') AS greedy, substring('foobar' FROM 'o+?') AS lazy, substring('<a><b>' FROM '<.*?>') AS shortest, substring('<a><b>' FROM '<.*>') AS longest;
--> greedy | lazy | shortest | longest
--> oo | o | <a> | <a><b>

SELECT substring('ab12cd' FROM '[a-z]+(\d+)') AS group, substring('ab12cd' FROM '(?:[a-z]+)(\d)') AS uncaptured, substring('ab' FROM 'x') AS nothing;
--> group | uncaptured | nothing
--> 12 | 1 | NULL

SELECT 'abab' ~ '^(ab)\1$' AS twice, 'abba' ~ '(.)\1' AS doubled, 'abcd' ~ '(.)\1' AS none;
--> twice | doubled | none
--> t | t | f

SELECT 'price 100' ~ 'price (?=\d)' AS ahead, 'price x' ~ 'price (?!\d)' AS not_ahead, 'a1' ~ '(?<=a)1' AS behind, 'b1' ~ '(?<!a)1' AS not_behind;
--> ahead | not_ahead | behind | not_behind
--> t | t | t | t

SELECT 'ABC' ~ '(?i)abc' AS embedded, 'ABC' ~* 'abc' AS operator, 'ABC' !~ 'abc' AS not, 'ABC' !~* 'abc' AS not_case;
--> embedded | operator | not | not_case
--> t | t | t | f

SELECT E'a\nb' ~ 'a.b' AS dot_newline, E'a\nb' ~ '(?n)a.b' AS sensitive, E'a\nb' ~ '^b' AS anchor, E'a\nb' ~ '(?n)^b' AS per_line;
--> dot_newline | sensitive | anchor | per_line
--> t | f | f | t

SELECT 'a.b' ~ 'a\.b' AS escaped, 'axb' ~ 'a.b' AS any, 'a+b' ~ '(?q)a+b' AS quoted, 'a b' ~ '(?x)a \s b' AS expanded;
--> escaped | any | quoted | expanded
--> t | t | t | t

SELECT 'cat' ~ '^(cat|dog)$' AS either, 'cats' ~ '^(cat|dog)s?$' AS optional, 'ca' ~ '^c(a|$)' AS end, '' ~ '^$' AS empty;
--> either | optional | end | empty
--> t | t | t | t

SELECT 'x' ~ '[^a-c]' AS not_in, ']' ~ '[]]' AS bracket, '-' ~ '[a-]' AS hyphen, '^' ~ '[\^]' AS caret, 'b' ~ '[a\-c]' AS escaped;
--> not_in | bracket | hyphen | caret | escaped
--> t | t | t | t | f

SELECT 'a' ~ '(';
--! 2201B: invalid regular expression: parentheses () not balanced

SELECT 'a' ~ '[a';
--! 2201B: invalid regular expression: brackets [] not balanced

SELECT 'a' ~ 'a{2,1}';
--! 2201B: invalid regular expression: invalid repetition count(s)

SELECT 'a' ~ '*a';
--! 2201B: invalid regular expression: quantifier operand invalid

SELECT 'a' ~ '\';
--! 2201B: invalid regular expression: invalid escape \ sequence
