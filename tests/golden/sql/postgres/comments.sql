-- Comments are space, and block comments nest
-- oracle: postgres
-- chapter: lexical

SELECT 1 -- until the end of the line
  + 2 AS three;
--> three
--> 3

SELECT 1 /* a block */ + /* of /* nested */ blocks */ 2 AS three;
--> three
--> 3

SELECT '-- no comment' AS a, '/* nor this */' AS b;
--> a | b
--> -- no comment | /* nor this */

SELECT 5 --1
AS five;
--> five
--> 5

SELECT 1/* no space needed */AS one;
--> one
--> 1
