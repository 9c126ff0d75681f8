-- What an output column is called
-- oracle: postgres
-- chapter: expressions

SELECT 1 + 1, 'a' || 'b', NULL;
--> ?column? | ?column? | ?column?
--> 2 | ab | NULL

SELECT upper('a'), now() IS NOT NULL, count(*), coalesce(1, 2);
--> upper | ?column? | count | coalesce
--> A | t | 1 | 1

SELECT 1::integer, CAST('2' AS bigint), 'x'::text, '1'::varchar(3), date '2024-01-01', 1.5::float8;
--> int4 | int8 | text | varchar | date | float8
--> 1 | 2 | x | 1 | 2024-01-01 | 1.5

SELECT CASE WHEN true THEN 1 END, CASE 1 WHEN 1 THEN 2 ELSE sum(3) END, NULLIF(1, 2), greatest(1, 2);
--> case | sum | nullif | greatest
--> 1 | 2 | 1 | 2

SELECT ARRAY[1], ROW(1), (ARRAY[1])[1], EXISTS (SELECT 1), (SELECT 5), (SELECT 6 AS six), ARRAY(SELECT 1 AS one);
--> array | row | array | exists | ?column? | six | array
--> {1} | (1) | 1 | t | 5 | 6 | {1}

SELECT extract(year FROM date '2024-05-06'), substring('abc' FROM 2), trim(' a '), position('b' IN 'abc'), overlay('abc' PLACING 'X' FROM 2);
--> extract | substring | btrim | position | overlay
--> 2024 | bc | a | 2 | aXc

SELECT true, false, current_date IS NULL, 'a' LIKE 'a', 1 IN (1), 1 BETWEEN 0 AND 2, NOT true;
--> ?column? | ?column? | ?column? | ?column? | ?column? | ?column? | ?column?
--> t | f | f | t | t | t | f

SELECT x.a, x.b::text, (x).a FROM (SELECT 1 AS a, 2 AS b) AS x;
--> a | b | a
--> 1 | 2 | 1

SELECT -a, +a, a FROM (SELECT 1 AS a) x;
--> ?column? | ?column? | a
--> -1 | 1 | 1
