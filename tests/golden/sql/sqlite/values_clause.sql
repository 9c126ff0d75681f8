-- VALUES
-- oracle: sqlite
-- chapter: queries

VALUES (1, 'a'), (2, 'b');
--> column1 | column2
--> 1 | a
--> 2 | b

VALUES (1), (2, 3);
--! all VALUES must have the same number of terms

SELECT column1, column2 FROM (VALUES (1, 2));
--> column1 | column2
--> 1 | 2

SELECT * FROM (VALUES (1, 'x')) AS v WHERE v.column1 = 1;
--> column1 | column2
--> 1 | x

VALUES (NULL), ('a'), (1);
--> column1
--> NULL
--> a
--> 1

VALUES ((SELECT 1), 2 + 3);
--> column1 | column2
--> 1 | 5

VALUES ();
--! near ")": syntax error

SELECT 1 IN (VALUES (1), (2));
--> 1 IN (VALUES (1), (2))
--> 1

INSERT INTO nowhere VALUES (1);
--! no such table: nowhere
