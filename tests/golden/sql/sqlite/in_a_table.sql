-- IN with a table's name
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE one (x);

CREATE TABLE two (a, b);

INSERT INTO one VALUES (1), ('x'), (NULL);

INSERT INTO two VALUES (1, 2);

SELECT 1 IN one, 'x' IN main.one, 2 IN one, 2 NOT IN one;
--> 1 IN one | 'x' IN main.one | 2 IN one | 2 NOT IN one
--> 1 | 1 | NULL | NULL

SELECT (1, 2) IN two, (2, 1) IN two;
--> (1, 2) IN two | (2, 1) IN two
--> 1 | 0

SELECT 1 IN two;
--! sub-select returns 2 columns - expected 1

SELECT 1 IN nowhere;
--! no such table: nowhere
