-- LIKE, GLOB, ESCAPE, and case
-- oracle: sqlite
-- chapter: expressions

SELECT 'ABC' LIKE 'abc', 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'abc' LIKE 'a', 'Ä' LIKE 'ä';
--> 'ABC' LIKE 'abc' | 'abc' LIKE 'a%' | 'abc' LIKE '_b_' | 'abc' LIKE 'a' | 'Ä' LIKE 'ä'
--> 1 | 1 | 1 | 0 | 0

SELECT '10%' LIKE '10\%' ESCAPE '\', '10x' LIKE '10\%' ESCAPE '\', 'a_b' LIKE 'a!_b' ESCAPE '!';
--> '10%' LIKE '10\%' ESCAPE '\' | '10x' LIKE '10\%' ESCAPE '\' | 'a_b' LIKE 'a!_b' ESCAPE '!'
--> 1 | 0 | 1

SELECT 'abc' LIKE 'a' ESCAPE '';
--! ESCAPE expression must be a single character

SELECT 'abc' LIKE 'a' ESCAPE 'xy';
--! ESCAPE expression must be a single character

SELECT 123 LIKE '12%', 1.5 LIKE '1.%', NULL LIKE '%', 'a' LIKE NULL, x'616263' LIKE 'a%';
--> 123 LIKE '12%' | 1.5 LIKE '1.%' | NULL LIKE '%' | 'a' LIKE NULL | x'616263' LIKE 'a%'
--> 1 | 1 | NULL | NULL | 1

SELECT 'abc' GLOB 'a*', 'ABC' GLOB 'a*', 'abc' GLOB '?b?', 'abc' GLOB '[a-c]bc', 'abc' GLOB '[^x]bc', 'a]c' GLOB 'a[]]c', 'a*c' GLOB 'a[*]c';
--> 'abc' GLOB 'a*' | 'ABC' GLOB 'a*' | 'abc' GLOB '?b?' | 'abc' GLOB '[a-c]bc' | 'abc' GLOB '[^x]bc' | 'a]c' GLOB 'a[]]c' | 'a*c' GLOB 'a[*]c'
--> 1 | 0 | 1 | 1 | 1 | 1 | 1

SELECT like('a%', 'abc') AS function, glob('a*', 'abc') AS g, like('x!%', 'x%', '!') AS three;
--> function | g | three
--> 1 | 1 | 1

SELECT 'abc' NOT LIKE 'b%', 'abc' NOT GLOB 'b*', '' LIKE '', '' LIKE '%', 'a' GLOB '';
--> 'abc' NOT LIKE 'b%' | 'abc' NOT GLOB 'b*' | '' LIKE '' | '' LIKE '%' | 'a' GLOB ''
--> 1 | 1 | 1 | 1 | 0

SELECT 'abc' REGEXP 'a';
--! no such function: REGEXP

SELECT 'abc' MATCH 'a';
--! unable to use function MATCH in the requested context

PRAGMA case_sensitive_like = 1;
--~! LIKE compares ASCII letters without case: there is no other choice
