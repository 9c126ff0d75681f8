-- Comparison predicates
-- oracle: postgres
-- chapter: functions

SELECT 2 BETWEEN 1 AND 3 AS b, 2 BETWEEN 3 AND 1 AS reversed, 2 BETWEEN SYMMETRIC 3 AND 1 AS symmetric, 2 NOT BETWEEN 1 AND 3 AS n;
--> b | reversed | symmetric | n
--> t | f | t | f

SELECT 1 IS DISTINCT FROM NULL AS d, NULL IS DISTINCT FROM NULL AS n, 1 IS NOT DISTINCT FROM 1 AS e;
--> d | n | e
--> t | f | t

SELECT num_nulls(1, NULL, 3, NULL) AS nulls, num_nonnulls(1, NULL, 3) AS others, num_nulls(VARIADIC ARRAY[1, NULL]) AS of_array;
--> nulls | others | of_array
--> 2 | 2 | 1

SELECT 1 < 2 < 3;
--! 42601: syntax error at or near "<"

SELECT NULL = NULL AS n, NULL <> 1 AS m, NULL IS NULL AS t, 1 ISNULL AS f, 1 NOTNULL AS t2;
--> n | m | t | f | t2
--> NULL | NULL | t | f | t

SELECT 1 != 2 AS other_spelling, 'a' < 'B' AS by_collation, 'a' < 'b' COLLATE "C" AS c;
--> other_spelling | by_collation | c
--> t | f | t

SELECT true IS TRUE AS t, NULL::boolean IS NOT TRUE AS n, (1 = NULL) IS UNKNOWN AS u;
--> t | n | u
--> t | t | t

SELECT 5 IS TRUE;
--! 42804: argument of IS TRUE must be type boolean, not type integer

SELECT 1 BETWEEN NULL AND 0 AS decided, 1 BETWEEN NULL AND 5 AS unknown;
--> decided | unknown
--> f | NULL
