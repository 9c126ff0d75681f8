-- LIKE and its escape
-- oracle: postgres
-- chapter: functions

SELECT 1 AS r WHERE 'abc' LIKE 'a%';
--> r
--> 1

SELECT 1 AS r WHERE 'abc' LIKE '_b_';
--> r
--> 1

SELECT 1 AS r WHERE 'abc' LIKE 'a';
--> r

SELECT 1 AS r WHERE 'a%c' LIKE 'a!%c' ESCAPE '!';
--> r
--> 1

SELECT 1 AS r WHERE 'abc' LIKE 'a!%c' ESCAPE '!';
--> r

SELECT 1 AS r WHERE 'abc' NOT LIKE '%z%';
--> r
--> 1

SELECT 1 AS r WHERE NULL LIKE 'a';
--> r

SELECT 1 AS r WHERE '' LIKE '%';
--> r
--> 1
