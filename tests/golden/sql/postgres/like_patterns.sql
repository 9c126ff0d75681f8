-- LIKE: escapes and patterns that are wrong
-- oracle: postgres
-- chapter: functions

SELECT 'abc' LIKE 'abc' AS exact, 'abc' LIKE 'a%' AS begins, 'abc' LIKE '_b_' AS one, 'abc' LIKE 'c' AS no, 'ABC' LIKE 'abc' AS case, 'ABC' ILIKE 'abc' AS folded;
--> exact | begins | one | no | case | folded
--> t | t | t | f | f | t

SELECT 'a_c' LIKE 'a\_c' AS escaped, 'abc' LIKE 'a\_c' AS not, '10%' LIKE '10\%' AS percent, 'a\c' LIKE 'a\\c' AS backslash;
--> escaped | not | percent | backslash
--> t | f | t | t

SELECT 'a%' LIKE 'a#%' ESCAPE '#' AS own, 'a\' LIKE 'a\' ESCAPE '' AS none;
--> own | none
--> t | t

SELECT 'abc' LIKE 'abc\';
--> ?column?
--> f
--~! 22025: LIKE pattern must not end with escape character

SELECT 'abc' LIKE 'a' ESCAPE 'xx';
--! 22025: invalid escape string

SELECT 'abc' ~~ 'a%' AS operator, 'abc' !~~ 'a%' AS negated, 'ABC' ~~* 'a%' AS folded, 'ABC' !~~* 'a%' AS both;
--> operator | negated | folded | both
--> t | f | t | f

SELECT '' LIKE '' AS empty, '' LIKE '_' AS one, 'a' LIKE '' AS other, '%' LIKE '%%' AS p, NULL LIKE '%' AS n;
--> empty | one | other | p | n
--> t | f | f | t | NULL

SELECT 'abc' LIKE ANY (ARRAY['x%', 'a%']) AS any, 'abc' LIKE ALL (ARRAY['%c', 'a%']) AS every, 'abc' NOT LIKE ALL (ARRAY['x', 'y']) AS none;
--> any | every | none
--> t | t | t

SELECT 5 LIKE '5';
--! 42883: operator does not exist: integer ~~ unknown

SELECT 'ab  '::char(5) LIKE 'ab' AS unpadded, E'a\nb' LIKE 'a_b' AS newline;
--> unpadded | newline
--> f | t
