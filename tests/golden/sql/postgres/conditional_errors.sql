-- When an expression is computed, and when it is not
-- oracle: postgres
-- chapter: expressions

SELECT CASE WHEN false THEN 1 / 0 ELSE 2 END AS never;
--> never
--> 2

SELECT false AND 1 / 0 = 1 AS short, true OR 1 / 0 = 1 AS too;
--> short | too
--> f | t

SELECT coalesce(1, 1 / 0) AS c, nullif(1, 1) AS n;
--> c | n
--> 1 | NULL

SELECT x FROM (VALUES (0), (2)) v(x) WHERE x <> 0 AND 10 / x > 1;
--> x
--> 2

SELECT 1 / x FROM (VALUES (0)) v(x) WHERE false;
--! 22012: division by zero
--~> ?column?

SELECT count(*) FROM (SELECT 1 / x FROM (VALUES (0)) v(x)) s;
--> count
--> 1

SELECT 1 FROM (VALUES (1)) v(x) WHERE EXISTS (SELECT 1 / 0);
--> ?column?
--> 1

SELECT 'x'::integer WHERE false;
--! 22P02: invalid input syntax for type integer: "x"

SELECT CASE x WHEN 0 THEN 0 ELSE 10 / x END FROM (VALUES (0), (5)) v(x) ORDER BY 1;
--> case
--> 0
--> 2
