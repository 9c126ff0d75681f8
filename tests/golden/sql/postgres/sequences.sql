-- Sequences
-- oracle: postgres

CREATE SEQUENCE s START 5 INCREMENT 2;

SELECT nextval('s') AS a;
--> a
--> 5
--~! 42883: function nextval(unknown) does not exist

SELECT nextval('s') AS b, currval('s') AS c;
--> b | c
--> 7 | 7
--~! 42883: function nextval(unknown) does not exist

SELECT setval('s', 100) AS d;
--> d
--> 100
--~! 42883: function setval(unknown, integer) does not exist

SELECT nextval('s') AS e;
--> e
--> 102
--~! 42883: function nextval(unknown) does not exist
