-- Joining texts: ||, concat, concat_ws
-- oracle: postgres
-- chapter: functions

SELECT 'Post' || 'greSQL' AS t, 'Value: ' || 42 AS n, NULL || 'a' AS null, 'a' || NULL::text AS too;
--> t | n | null | too
--> PostgreSQL | Value: 42 | NULL | NULL

SELECT concat('a', NULL, 2, true, 1.50) AS c, concat() AS none, concat(NULL) AS n;
--! 42883: function concat() does not exist

SELECT concat_ws(',', 'a', NULL, 'b', '') AS w, concat_ws(NULL, 'a', 'b') AS n, concat_ws('-') AS none;
--! 42883: function concat_ws(unknown) does not exist

SELECT concat(VARIADIC ARRAY['a', NULL, 'b']) AS v, concat_ws('/', VARIADIC ARRAY['a', 'b']) AS w;
--> v | w
--> ab | a/b

SELECT concat(date '2024-01-02', ' ', ARRAY[1, 2], ' ', ROW(1, 'x')) AS of_anything;
--> of_anything
--> 2024-01-02 {1,2} (1,x)

SELECT repeat('ab', 3) AS r, repeat('ab', 0) AS zero, repeat('ab', -1) AS minus;
--> r | zero | minus
--> ababab |  |

SELECT pg_typeof('a' || 'b'), pg_typeof('a'::varchar || 'b'::varchar), pg_typeof(concat('a'));
--> pg_typeof | pg_typeof | pg_typeof
--> text | text | text
