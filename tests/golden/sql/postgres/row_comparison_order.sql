-- Rows are compared column by column, up to the one that decides
-- oracle: postgres
-- chapter: expressions

CREATE TABLE numbers (a integer PRIMARY KEY, b integer);

INSERT INTO numbers VALUES (1, 0), (2, 5);

SELECT a FROM numbers WHERE ROW(a, 1) = ROW(9, 1 / b) ORDER BY a;
--> a

SELECT a, ROW(a, 1) <> ROW(9, 1 / b) AS differ, ROW(a, 1) IS DISTINCT FROM ROW(9, 1 / b) AS distinct FROM numbers ORDER BY a;
--> a | differ | distinct
--> 1 | t | t
--> 2 | t | t

SELECT a, ROW(a, 1) < ROW(9, 1 / b) AS less, ROW(NULL, a) < ROW(9, 1 / b) AS unknown FROM numbers ORDER BY a;
--> a | less | unknown
--> 1 | t | NULL
--> 2 | t | NULL

SELECT a, ROW(a, 1) = ROW(a, 1 / b) AS same FROM numbers ORDER BY a;
--! 22012: division by zero
