-- CASE computes only what it needs, and has one type
-- oracle: postgres
-- chapter: expressions

SELECT CASE WHEN x <> 0 THEN 10 / x ELSE 0 END AS guarded FROM (VALUES (0), (5)) AS v(x) ORDER BY x;
--> guarded
--> 0
--> 2

SELECT CASE NULL WHEN NULL THEN 'equal' ELSE 'never equal' END AS n;
--> n
--> never equal

SELECT CASE WHEN true THEN 1 ELSE 2.5 END AS numeric, pg_typeof(CASE WHEN true THEN 1 ELSE 2.5 END);
--> numeric | pg_typeof
--> 1 | numeric

SELECT CASE WHEN true THEN 1 ELSE 'x' END;
--! 22P02: invalid input syntax for type integer: "x"

SELECT CASE WHEN true THEN 1 ELSE '2' END AS converted;
--> converted
--> 1

SELECT CASE WHEN 1 THEN 2 END;
--! 42804: argument of CASE/WHEN must be type boolean, not type integer

SELECT CASE 1 WHEN 'a' THEN 2 END;
--! 22P02: invalid input syntax for type integer: "a"

SELECT CASE WHEN false THEN 1 END IS NULL AS without_else;
--> without_else
--> t

SELECT CASE x WHEN 1 THEN 'one' WHEN 1 THEN 'again' END FROM (VALUES (1)) v(x);
--> case
--> one

SELECT sum(CASE WHEN x > 1 THEN x END) FROM (VALUES (1), (2), (3)) v(x);
--> sum
--> 5
