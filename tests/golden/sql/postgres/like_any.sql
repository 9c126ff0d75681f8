-- Patterns that are matched with the elements of an array
-- oracle: postgres
-- chapter: expressions

SELECT 'abc' LIKE ANY (ARRAY['a%', 'x%']) AS a, 'abc' LIKE ANY (ARRAY['x%', NULL]) AS b, 'abc' ILIKE ANY (ARRAY['A%']) AS c;
--> a | b | c
--> t | NULL | t

SELECT 'abc' NOT LIKE ANY (ARRAY['a%', 'x%']) AS a, 'abc' NOT ILIKE ANY (ARRAY['A%']) AS b;
--> a | b
--> t | f

SELECT 'abc' ~ ANY (ARRAY['^b', 'c$']) AS a, 'abc' ~ ALL (ARRAY['^b', 'c$']) AS b;
--> a | b
--> t | f

CREATE TABLE patterns (id integer PRIMARY KEY, list text[]);

INSERT INTO patterns VALUES (1, '{a%,x%}'), (2, '{x%,NULL}'), (3, '{}'), (4, NULL);

SELECT id, 'abc' LIKE ANY (list) AS a, 'abc' NOT LIKE ALL (list) AS b, 'ABC' ILIKE ANY (list) AS c FROM patterns ORDER BY id;
--> id | a | b | c
--> 1 | t | f | t
--> 2 | NULL | NULL | NULL
--> 3 | f | t | f
--> 4 | NULL | NULL | NULL

SELECT 'abc' LIKE ALL ('{a%,%c}'::text[]) AS a, 'abc' ~ ANY ('{^b,c$}') AS b, 'abc' !~* ALL ('{^B,C$}') AS c;
--> a | b | c
--> t | t | f

SELECT 5 LIKE ANY ('{a}'::text[]);
--! 42883: operator does not exist: integer ~~ text
