-- Operators of arrays
-- oracle: postgres
-- chapter: functions

SELECT ARRAY[1, 4, 3] @> ARRAY[3, 1, 3] AS contains, ARRAY[2, 2] <@ ARRAY[2] AS contained, ARRAY[1, 4] && ARRAY[2, 1] AS overlap, ARRAY[1] && ARRAY[]::integer[] AS none;
--> contains | contained | overlap | none
--> t | t | t | f

SELECT ARRAY[1, 2] || 3 AS appended, 0 || ARRAY[1, 2] AS prepended, ARRAY[1] || ARRAY[[2, 3]] AS mismatch;
--! 2202E: cannot concatenate incompatible arrays

SELECT ARRAY[1, 2] || ARRAY[[3, 4], [5, 6]] AS row, ARRAY[1, 2] || NULL::integer[] AS n, ARRAY[1] || NULL::integer AS element, ARRAY[1, 2] || '{3}' AS unknown;
--> row | n | element | unknown
--> {{1,2},{3,4},{5,6}} | {1,2} | {1,NULL} | {1,2,3}

SELECT 5 = ANY (ARRAY[1, 5]) AS any, 5 = ANY (ARRAY[1, NULL]) AS unknown, 5 = ANY ('{}'::integer[]) AS empty, 5 <> ALL (ARRAY[1, 2]) AS none, 5 > SOME (ARRAY[9, 3]) AS some;
--> any | unknown | empty | none | some
--> t | NULL | f | t | t

SELECT ARRAY[1, 2, 3] > ARRAY[1, 2, 3, 0] AS g, ARRAY[NULL] = ARRAY[NULL]::integer[];
--! 42883: operator does not exist: text[] = integer[]

SELECT ARRAY[1, 2] = ARRAY['a'];
--! 42883: operator does not exist: integer[] = text[]

SELECT ARRAY[1, NULL] @> ARRAY[NULL]::integer[] AS null_is_not_found, ARRAY[1, 2] @> '{}' AS empty;
--> null_is_not_found | empty
--> f | t

SELECT 3 = ANY (SELECT unnest(ARRAY[1, 3])) AS queried, 'x' = ANY ('{x,y}') AS literal;
--> queried | literal
--> t | t
