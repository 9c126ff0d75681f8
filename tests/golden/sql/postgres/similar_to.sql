-- SIMILAR TO
-- oracle: postgres
-- chapter: functions

SELECT 'abc' SIMILAR TO 'abc' AS exact, 'abc' SIMILAR TO 'a' AS part, 'abc' SIMILAR TO '%(b|d)%' AS either, 'abc' SIMILAR TO '(b|c)%' AS anchored;
--> exact | part | either | anchored
--> t | f | t | f

SELECT 'aaab' SIMILAR TO 'a+b' AS plus, 'ab' SIMILAR TO 'a{2,3}b' AS counted, 'aab' SIMILAR TO 'a{2,3}b' AS twice, 'xy' SIMILAR TO '[a-x]_' AS class;
--> plus | counted | twice | class
--> t | f | t | t

SELECT 'a.c' SIMILAR TO 'a.c' AS dot_is_plain, 'abc' SIMILAR TO 'a.c' AS not_any, 'a|c' SIMILAR TO 'a\|c' AS escaped;
--> dot_is_plain | not_any | escaped
--> t | f | t

SELECT 'abc' NOT SIMILAR TO '%c' AS n, NULL SIMILAR TO 'a' AS null, 'a%' SIMILAR TO 'a#%' ESCAPE '#' AS own;
--> n | null | own
--> f | NULL | t

SELECT 'abc' SIMILAR TO 'a' ESCAPE '##';
--! 22025: invalid escape string
