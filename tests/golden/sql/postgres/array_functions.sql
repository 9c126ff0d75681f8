-- Functions of arrays
-- oracle: postgres
-- chapter: functions

SELECT array_append(ARRAY[1], 2) AS a, array_prepend(0, ARRAY[1]) AS p, array_cat(ARRAY[1], ARRAY[2]) AS c, array_append(NULL, 1) AS to_null;
--> a | p | c | to_null
--> {1,2} | {0,1} | {1,2} | {1}

SELECT array_dims(ARRAY[[1, 2, 3], [4, 5, 6]]) AS d, array_ndims(ARRAY[[1], [2]]) AS n, array_length(ARRAY[[1, 2, 3], [4, 5, 6]], 2) AS l, array_length('{}'::integer[], 1) AS empty, cardinality('{}'::integer[]) AS zero, array_upper(ARRAY[1, 2], 1) AS u;
--> d | n | l | empty | zero | u
--> [1:2][1:3] | 2 | 3 | NULL | 0 | 2

SELECT array_fill(11, ARRAY[2, 3]) AS f, array_fill(7, ARRAY[3], ARRAY[2]) AS b;
--> f | b
--> {{11,11,11},{11,11,11}} | [2:4]={7,7,7}

SELECT array_position(ARRAY['sun', 'mon', 'sun'], 'sun', 2) AS second, array_position(ARRAY[1, NULL], NULL) AS null, array_position(ARRAY[1], 5) AS none, array_positions(ARRAY['A', 'B', 'A'], 'A') AS all;
--> second | null | none | all
--> 3 | 2 | NULL | {1,3}

SELECT array_remove(ARRAY[1, 2, NULL, 2], 2) AS r, array_remove(ARRAY[1, NULL], NULL) AS n, array_replace(ARRAY[1, 2, 5, 2], 2, 9) AS p;
--> r | n | p
--> {1,NULL} | {1} | {1,9,5,9}

SELECT trim_array(ARRAY[1, 2, 3], 2) AS t, trim_array(ARRAY[1], 2);
--! 2202E: number of elements to trim must be between 0 and 1

SELECT unnest(ARRAY[[1, 2], [3, 4]]) AS flat;
--> flat
--> 1
--> 2
--> 3
--> 4

SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) AS x(a, b);
--> a | b
--> 1 | a
--> 2 | b
--> NULL | c

SELECT generate_subscripts(ARRAY['a', 'b'], 1) AS s;
--> s
--> 1
--> 2

SELECT array_remove(ARRAY[[1, 2], [3, 4]], 1);
--! 0A000: removing elements from multidimensional arrays is not supported

SELECT array_to_json(ARRAY[[1, 2], [3, 4]]) AS j, array_agg(x ORDER BY x DESC) AS g FROM (VALUES (1), (NULL), (2)) AS v(x);
--> j | g
--> [[1,2],[3,4]] | {NULL,2,1}

SELECT array_agg(a) AS nested FROM (VALUES (ARRAY[1, 2]), (ARRAY[3, 4])) AS v(a);
--> nested
--> {{1,2},{3,4}}
