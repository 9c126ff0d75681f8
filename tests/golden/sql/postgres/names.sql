-- Names of output columns
-- oracle: postgres
-- chapter: queries

SELECT 1, 'a', 1 + 1, count(*), upper('x');
--> ?column? | ?column? | ?column? | count | upper
--> 1 | a | 2 | 1 | X

SELECT CASE WHEN true THEN 1 END, coalesce(1, 2), 1::bigint, ARRAY[1], (SELECT 5), EXISTS (SELECT 1);
--> case | coalesce | int8 | array | ?column? | exists
--> 1 | 1 | 1 | {1} | 5 | t

SELECT a.x, a.*, max(a.x) OVER () FROM (SELECT 1 AS x) AS a;
--> x | x | max
--> 1 | 1 | 1

SELECT "Quoted", unQuoted FROM (SELECT 1 AS "Quoted", 2 AS UNQUOTED) AS a;
--> Quoted | unquoted
--> 1 | 2
