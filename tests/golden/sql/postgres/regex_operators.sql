-- Regular expressions: ~ and its like
-- oracle: postgres
-- chapter: functions

SELECT 'thomas' ~ 't.*ma' AS m, 'thomas' ~* 'T.*ma' AS folded, 'thomas' !~ 'xyz' AS n, 'thomas' !~* 'T.*MA' AS nf;
--> m | folded | n | nf
--> t | t | t | f

SELECT 'abcd' ~ 'bc' AS unanchored, 'abcd' ~ 'a.c' AS dot, 'abcd' ~ '(b|x)' AS either, 'abcd' ~ '^(b|c)' AS begin;
--> unanchored | dot | either | begin
--> t | t | t | f

SELECT 'a1' ~ '^\w\d$' AS classes, 'a b' ~ '\s' AS space, 'a' ~ '[[:alpha:]]' AS named, 'é' ~ '^.$' AS one_letter;
--> classes | space | named | one_letter
--> t | t | t | t

SELECT 'foobar' ~ '(?i)FOO' AS embedded, 'a.b' ~ '***=a.b' AS literal, 'axb' ~ '***=a.b' AS not;
--> embedded | literal | not
--> t | t | f

SELECT 'abab' ~ '^(ab)\1$' AS back_reference, 'xyz' ~ 'x(?=y)' AS ahead, 'xyz' ~ 'x(?!y)' AS not_ahead, 'xyz' ~ '(?<=x)y' AS behind;
--> back_reference | ahead | not_ahead | behind
--> t | t | f | t

SELECT 'abc' ~ '(';
--! 2201B: invalid regular expression: parentheses () not balanced

SELECT 'abc' ~ 'a{2,1}';
--! 2201B: invalid regular expression: invalid repetition count(s)

SELECT 'abc' ~ '[z-a]';
--! 2201B: invalid regular expression: invalid character range
--~! 2201B: invalid regular expression: Error compiling regex: Regex error: error parsing pattern 0

SELECT 'abc' ~ '*a';
--! 2201B: invalid regular expression: quantifier operand invalid

SELECT E'a\nb' ~ 'a.b' AS dot_newline, E'a\nb' ~ '^b' AS line_start, E'a\nb' ~ '(?n)^b' AS newline_sensitive;
--> dot_newline | line_start | newline_sensitive
--> t | f | t

SELECT NULL ~ 'a' AS n, '' ~ '' AS e, 'word here' ~ '\mhere\M' AS word, 'word here' ~ '\yord' AS boundary;
--> n | e | word | boundary
--> NULL | t | t | f
