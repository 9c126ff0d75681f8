-- VALUES: names, types, places
-- oracle: postgres
-- chapter: queries

VALUES (1, 'one'), (2, NULL) ORDER BY 1 DESC;
--> column1 | column2
--> 2 | NULL
--> 1 | one

VALUES (1), (2), (3) LIMIT 1 OFFSET 1;
--> column1
--> 2

VALUES (1, 2), (3);
--! 42601: VALUES lists must all be the same length

VALUES (NULL), (1), (2.5);
--> column1
--> NULL
--> 1
--> 2.5

SELECT column1 + 1 AS n FROM (VALUES (1)) AS v;
--> n
--> 2

SELECT a, b FROM (VALUES (1, 'x')) AS v (a, b);
--> a | b
--> 1 | x

SELECT 1 WHERE 2 IN (VALUES (1), (2));
--> ?column?
--> 1

VALUES ((SELECT 5), 1 + 1);
--> column1 | column2
--> 5 | 2

VALUES (DEFAULT);
--! 42601: DEFAULT is not allowed in this context

SELECT * FROM (VALUES (1, 2)) AS v (a, b, c);
--! 42P10: table "v" has 2 columns available but 3 columns specified

SELECT pg_typeof(column1), pg_typeof(column2) FROM (VALUES (1, 'a'), (2.5, NULL)) AS v;
--> pg_typeof | pg_typeof
--> numeric | text
--> numeric | text

VALUES (1) UNION VALUES (2) ORDER BY 1;
--> column1
--> 1
--> 2

VALUES ();
--! 42601: syntax error at or near ")"
