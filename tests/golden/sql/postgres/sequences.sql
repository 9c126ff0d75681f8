-- Sequences
-- oracle: postgres
-- chapter: definitions

CREATE SEQUENCE s START 5 INCREMENT 2;

SELECT nextval('s') AS a;
--> a
--> 5

SELECT nextval('s') AS b, currval('s') AS c;
--> b | c
--> 7 | 7

SELECT setval('s', 100) AS d;
--> d
--> 100

SELECT nextval('s') AS e;
--> e
--> 102
