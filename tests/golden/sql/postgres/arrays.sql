-- Arrays
-- oracle: postgres
-- chapter: types

SELECT ARRAY[1, 2, 3] AS a, ARRAY[[1, 2], [3, 4]] AS m, ARRAY[]::integer[] AS e;
--> a | m | e
--> {1,2,3} | {{1,2},{3,4}} | {}

SELECT (ARRAY[1, 2, 3])[2] AS second, (ARRAY[1, 2, 3])[2:3] AS slice, (ARRAY[1])[5] AS none;
--> second | slice | none
--> 2 | {2,3} | NULL

SELECT 2 = ANY (ARRAY[1, 2]) AS any, 3 > ALL (ARRAY[1, 2]) AS every;
--> any | every
--> t | t

SELECT array_length(ARRAY[1, 2, 3], 1) AS n, cardinality(ARRAY[[1], [2]]) AS c, array_position(ARRAY['a', 'b'], 'b') AS p;
--> n | c | p
--> 3 | 2 | 2

SELECT array_append(ARRAY[1], 2) AS a, ARRAY[1] || ARRAY[2, 3] AS b, array_remove(ARRAY[1, 2, 1], 1) AS r;
--> a | b | r
--> {1,2} | {1,2,3} | {2}

SELECT unnest(ARRAY['x', 'y']) AS u;
--> u
--> x
--> y

SELECT * FROM unnest(ARRAY[10, 20]) WITH ORDINALITY AS t(v, n);
--> v | n
--> 10 | 1
--> 20 | 2

SELECT array_to_string(ARRAY[1, NULL, 3], '-', '*') AS s, string_to_array('a,b', ',') AS a;
--> s | a
--> 1-*-3 | {a,b}

SELECT ARRAY(SELECT x FROM (VALUES (3), (1)) AS v(x) ORDER BY x) AS q;
--> q
--> {1,3}

SELECT ARRAY[1, 2] @> ARRAY[2] AS contains, ARRAY[1, 2] && ARRAY[3] AS meet;
--> contains | meet
--> t | f
