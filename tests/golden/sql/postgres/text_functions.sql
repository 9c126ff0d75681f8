-- Functions of texts that both dialects have
-- oracle: postgres
-- chapter: functions

SELECT upper('aBc') AS u, lower('aBc') AS l, length('héllo') AS n;
--> u | l | n
--> ABC | abc | 5

SELECT trim('  a ') AS t, ltrim('xxay', 'x') AS l, rtrim('ayxx', 'x') AS r;
--> t | l | r
--> a | ay | ay

SELECT substr('abcdef', 2, 3) AS s, substr('abc', 2) AS rest;
--> s | rest
--> bcd | bc

SELECT replace('banana', 'an', '<>') AS r;
--> r
--> b<><>a

SELECT 'a' || 'b' || 'c' AS joined;
--> joined
--> abc

SELECT 'a' || NULL AS unknown;
--> unknown
--> NULL

SELECT abs(-3) AS a, abs(2.5) AS b;
--> a | b
--> 3 | 2.5
