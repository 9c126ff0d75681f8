-- GLOB tells cases apart
-- oracle: sqlite
-- chapter: functions

SELECT 'abc' GLOB 'a*' AS a, 'ABC' GLOB 'a*' AS b, 'abc' GLOB '?b?' AS c, 'abc' GLOB '[a-c]bc' AS d;
--> a | b | c | d
--> 1 | 0 | 1 | 1

SELECT 'abc' GLOB '[^a]bc' AS e, 'a*c' GLOB 'a[*]c' AS f;
--> e | f
--> 0 | 1

SELECT 'ABC' LIKE 'abc' AS folds, 'abc' LIKE 'ABC' AS folds_too;
--> folds | folds_too
--> 1 | 1
