-- CASE, COALESCE and NULLIF
-- oracle: sqlite
-- chapter: expressions

SELECT CASE WHEN 1 > 2 THEN 'a' WHEN NULL THEN 'b' ELSE 'c' END AS searched;
--> searched
--> c

SELECT CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END AS simple;
--> simple
--> two

SELECT CASE 3 WHEN 1 THEN 'one' END AS nothing;
--! near "nothing": syntax error

SELECT CASE WHEN 1 = 1 THEN 1 ELSE 1 / 0 END AS lazy;
--> lazy
--> 1

SELECT coalesce(NULL, NULL, 3, 4) AS c;
--> c
--> 3

SELECT nullif(1, 1) AS same, nullif(1, 2) AS other;
--> same | other
--> NULL | 1
