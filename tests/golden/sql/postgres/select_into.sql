-- SELECT INTO makes a table
-- oracle: postgres
-- chapter: queries

SELECT n, n * n AS square INTO squares FROM generate_series(1, 3) AS n;

SELECT * FROM squares ORDER BY n;
--> n | square
--> 1 | 1
--> 2 | 4
--> 3 | 9

SELECT 1 AS x INTO squares;
--! 42P07: relation "squares" already exists

SELECT 1 AS x INTO TEMP short_lived;

SELECT x FROM short_lived;
--> x
--> 1

SELECT 1 INTO unnamed;

SELECT * FROM unnamed;
--> ?column?
--> 1

SELECT (SELECT 1 INTO z);
--! 42601: SELECT ... INTO is not allowed here
