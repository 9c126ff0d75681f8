-- ANY and ALL of subqueries
-- oracle: postgres
-- chapter: queries

CREATE TABLE p (n INTEGER);

INSERT INTO p VALUES (5), (10), (15);

SELECT 7 > ANY (SELECT n FROM p) AS any, 7 > ALL (SELECT n FROM p) AS every, 7 = SOME (SELECT n FROM p) AS some;
--> any | every | some
--> t | f | f

SELECT 7 > ANY (SELECT n FROM p WHERE false) AS any_of_none, 7 > ALL (SELECT n FROM p WHERE false) AS all_of_none;
--> any_of_none | all_of_none
--> f | t

INSERT INTO p VALUES (NULL);

SELECT 7 > ANY (SELECT n FROM p) AS any, 1 > ANY (SELECT n FROM p) AS unknown, 20 > ALL (SELECT n FROM p) AS unknown_too, 7 > ALL (SELECT n FROM p) AS f;
--> any | unknown | unknown_too | f
--> t | NULL | NULL | f

SELECT (1, 2) = ANY (SELECT 1, 2) AS row, (1, 2) < ALL (SELECT 1, 3) AS less;
--> row | less
--> t | t

SELECT 'abc' LIKE ANY (SELECT 'a%') AS pattern;
--> pattern
--> t

SELECT n FROM p WHERE n >= ALL (SELECT n FROM p WHERE n IS NOT NULL);
--> n
--> 15

SELECT 1 = ANY (2);
--! 42809: op ANY/ALL (array) requires array on right side

SELECT 1 = ALL (ARRAY[1, 1]) AS t, NULL = ANY (ARRAY[]::integer[]) AS empty;
--> t | empty
--> t | f
