-- Comments
-- oracle: sqlite
-- chapter: expressions

SELECT 1 -- to the end of the line
 + 1 AS two;
--> two
--> 2

SELECT 1 /* a block */ + 1 AS two;
--> two
--> 2

SELECT 1 /* blocks /* do not nest */ + 1 AS two;
--> two
--> 2

SELECT '-- text' AS a, '/* text */' AS b;
--> a | b
--> -- text | /* text */

SELECT 1/**/AS one;
--> one
--> 1
