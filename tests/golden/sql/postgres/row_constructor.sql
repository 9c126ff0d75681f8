-- Rows as values
-- oracle: postgres
-- chapter: expressions

SELECT ROW(1, 'a', NULL) AS r, (1, 2) AS without_word, ROW() AS empty, ROW(1) AS single;
--> r | without_word | empty | single
--> (1,a,) | (1,2) | () | (1)

SELECT ROW(1, 2) = ROW(1, 2) AS same, ROW(1, NULL) = ROW(1, 2) AS unknown, ROW(1, NULL) = ROW(2, NULL) AS different;
--> same | unknown | different
--> t | NULL | f

SELECT (1, 2) < (1, 3) AS less, (1, 2) < (2, NULL) AS decided_early, (1, NULL) < (1, 2) AS unknown;
--> less | decided_early | unknown
--> t | t | NULL

SELECT ROW(1, NULL) IS NULL AS some, ROW(NULL, NULL) IS NULL AS all_null, ROW(1, NULL) IS NOT NULL AS not_all;
--> some | all_null | not_all
--> f | t | f

SELECT ROW(1, NULL) IS DISTINCT FROM ROW(1, NULL) AS distinct;
--> distinct
--> f

SELECT ROW(1, 2) = ROW(1, 2, 3);
--! 42601: unequal number of entries in row expressions

SELECT ROW(1, 'a') = ROW(1, 2);
--! 22P02: invalid input syntax for type integer: "a"

SELECT (1, 2) IN ((1, 2), (3, 4)) AS found, (1, 2) IN (SELECT 1, 2) AS queried;
--> found | queried
--> t | t

SELECT ROW('a b', 'c"d', '', 'x,y') AS quoted;
--> quoted
--> ("a b","c""d","","x,y")
