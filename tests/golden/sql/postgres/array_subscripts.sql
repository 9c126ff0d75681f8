-- Subscripts and slices of arrays
-- oracle: postgres
-- chapter: expressions

SELECT (ARRAY[10, 20, 30])[1] AS first, (ARRAY[10, 20, 30])[0] AS before, (ARRAY[10, 20, 30])[4] AS behind;
--> first | before | behind
--> 10 | NULL | NULL

SELECT (ARRAY[[1, 2], [3, 4]])[2][1] AS cell, (ARRAY[[1, 2], [3, 4]])[2] AS too_few;
--> cell | too_few
--> 3 | NULL

SELECT (ARRAY[1, 2, 3, 4])[2:3] AS both, (ARRAY[1, 2, 3, 4])[:2] AS until, (ARRAY[1, 2, 3, 4])[3:] AS since, (ARRAY[1, 2, 3, 4])[:] AS whole;
--> both | until | since | whole
--> {2,3} | {1,2} | {3,4} | {1,2,3,4}

SELECT (ARRAY[[1, 2], [3, 4], [5, 6]])[1:2][1:1] AS window;
--> window
--> {{1},{3}}

SELECT (ARRAY[1, 2])[NULL] AS by_null, (ARRAY[1, 2])[5:6] AS empty, (NULL::integer[])[1] AS of_null;
--> by_null | empty | of_null
--> NULL | {} | NULL

SELECT ('[2:4]={1,2,3}'::integer[])[2] AS own_bounds, array_lower('[2:4]={1,2,3}'::integer[], 1) AS low;
--> own_bounds | low
--> 1 | 2

CREATE TABLE sal (name TEXT, pay INTEGER[]);

INSERT INTO sal VALUES ('Bill', '{10, 20, 30}'), ('Carol', NULL);

SELECT name, pay[2] FROM sal ORDER BY name;
--> name | pay
--> Bill | 20
--> Carol | NULL

UPDATE sal SET pay[2] = 25 WHERE name = 'Bill';

UPDATE sal SET pay[1:2] = '{1, 2}' WHERE name = 'Bill';

UPDATE sal SET pay[5] = 50 WHERE name = 'Bill';

UPDATE sal SET pay[1] = 1 WHERE name = 'Carol';

SELECT name, pay FROM sal ORDER BY name;
--> name | pay
--> Bill | {1,2,30,NULL,50}
--> Carol | {1}

SELECT (5)[1];
--! 42804: cannot subscript type integer because it does not support subscripting
