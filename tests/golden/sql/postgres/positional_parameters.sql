-- Parameters of a statement have a type
-- oracle: postgres
-- chapter: expressions

PREPARE plus AS SELECT $1 + 1;

EXECUTE plus(41);
--> ?column?
--> 42

EXECUTE plus('41');
--> ?column?
--> 42

EXECUTE plus(NULL);
--> ?column?
--> NULL

EXECUTE plus('x');
--! 22P02: invalid input syntax for type integer: "x"

EXECUTE plus(1, 2);
--! 42601: wrong number of parameters for prepared statement "plus"

EXECUTE plus;
--! 42601: wrong number of parameters for prepared statement "plus"

PREPARE typed (NUMERIC, TEXT) AS SELECT $1 * 2 AS doubled, upper($2) AS loud;

EXECUTE typed(1.5, 'abc');
--> doubled | loud
--> 3.0 | ABC

EXECUTE typed('2', 3);
--> doubled | loud
--> 4 | 3

PREPARE untyped AS SELECT $1;

EXECUTE untyped('text by default');
--> ?column?
--> text by default

PREPARE gap AS SELECT $2::integer;
--! 42P18: could not determine data type of parameter $1
--~

SELECT $1;
--! 42P02: there is no parameter $1
--~! 08P01: bind message supplies 0 parameters, but the statement requires 1

DEALLOCATE ALL;

EXECUTE plus(1);
--! 26000: prepared statement "plus" does not exist
