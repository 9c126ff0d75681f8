-- NOT GLOB, ISNULL and NOTNULL behind values of every kind
-- oracle: sqlite
-- chapter: expressions

SELECT 'abc' NOT GLOB 'a*' AS a, 'abc' NOT GLOB 'b*' AS b, NULL NOT GLOB 'b*' AS c;
--> a | b | c
--> 0 | 1 | NULL

SELECT CASE WHEN 'abc' NOT GLOB '*[^0-9]' THEN 'digits' ELSE 'more' END AS what;
--> what
--> more

SELECT x'00' ISNULL AS a, x'' NOTNULL AS b, TRUE ISNULL AS c, 'a' ISNULL AS d, 1.5 NOTNULL AS e;
--> a | b | c | d | e
--> 0 | 1 | 0 | 0 | 1

SELECT 'a' REGEXP 'b';
--! no such function: REGEXP

SELECT NOT glob('a*', 'abc') AS a, 'abc' NOT GLOB ('b*') AS b, 1 + NOT glob('b*', 'abc') AS c;
--> a | b | c
--> 0 | 1 | 2
