-- CASE in both forms
-- oracle: sqlite
-- chapter: expressions

SELECT CASE 1 WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END AS simple;
--> simple
--> one

SELECT CASE NULL WHEN NULL THEN 'equal' ELSE 'not' END AS none;
--> none
--> not

SELECT CASE WHEN NULL THEN 1 WHEN 0 THEN 2 ELSE 3 END AS searched, CASE WHEN 0 THEN 1 END AS none;
--> searched | none
--> 3 | NULL

SELECT CASE '1' WHEN 1 THEN 'number' ELSE 'text' END AS types;
--> types
--> text

CREATE TABLE t (n INTEGER, s TEXT);

INSERT INTO t VALUES (1, '1');

SELECT CASE n WHEN '1' THEN 'affinity of the column' ELSE 'none' END AS a, CASE s WHEN 1 THEN 'same' ELSE 'none' END AS b FROM t;
--> a | b
--> affinity of the column | same

SELECT typeof(CASE WHEN 1 THEN 1 ELSE 'x' END), typeof(CASE WHEN 0 THEN 1 ELSE 'x' END);
--> typeof(CASE WHEN 1 THEN 1 ELSE 'x' END) | typeof(CASE WHEN 0 THEN 1 ELSE 'x' END)
--> integer | text

SELECT CASE WHEN 1 THEN 'lazy' ELSE abs(-9223372036854775808) END AS c;
--> c
--> lazy

SELECT iif(1, 2, 3), iif(NULL, 2, 3), iif(0, 2), if(1, 'a', 'b');
--> iif(1, 2, 3) | iif(NULL, 2, 3) | iif(0, 2) | if(1, 'a', 'b')
--> 2 | 3 | NULL | a
