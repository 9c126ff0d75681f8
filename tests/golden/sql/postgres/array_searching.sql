-- Finding, removing, replacing and rearranging elements of arrays
-- oracle: postgres
-- chapter: functions

SELECT array_position(ARRAY['a', 'b', 'a'], 'a') AS first, array_position(ARRAY['a', 'b', 'a'], 'a', 2) AS from_two, array_positions(ARRAY['a', 'b', 'a'], 'a') AS all, array_position(ARRAY[1, NULL], NULL) AS of_null, array_position(ARRAY[1], 5) AS none;
--> first | from_two | all | of_null | none
--> 1 | 3 | {1,3} | 2 | NULL

SELECT array_remove(ARRAY[1, 2, 1, NULL], 1) AS removed, array_remove(ARRAY[1, NULL], NULL) AS nulls, array_replace(ARRAY[1, 2, NULL], NULL, 0) AS replaced, array_replace(ARRAY[1, 2, 1], 1, 9) AS all;
--> removed | nulls | replaced | all
--> {2,NULL} | {1} | {1,2,0} | {9,2,9}

SELECT array_append(ARRAY[1], 2) AS appended, array_prepend(0, ARRAY[1]) AS prepended, array_append(NULL, 1) AS of_null, ARRAY[1] || NULL AS null_array, ARRAY[1] || NULL::integer AS null_element, NULL || ARRAY[1] AS before;
--> appended | prepended | of_null | null_array | null_element | before
--> {1,2} | {0,1} | {1} | {1} | {1,NULL} | {1}

SELECT array_length(ARRAY[]::integer[], 1) AS empty, cardinality(ARRAY[]::integer[]) AS zero, array_length(NULL::integer[], 1) AS n, array_length(ARRAY[1], 2) AS no_dim;
--> empty | zero | n | no_dim
--> NULL | 0 | NULL | NULL

SELECT trim_array(ARRAY[1, 2, 3], 2) AS trimmed, (ARRAY[1, 2, 3])[:array_length(ARRAY[1, 2, 3], 1) - 1] AS all_but_last, (ARRAY[1, 2, 3])[2:] AS rest;
--> trimmed | all_but_last | rest
--> {1} | {1,2} | {2,3}

SELECT trim_array(ARRAY[1], 2);
--! 2202E: number of elements to trim must be between 0 and 1

SELECT array_to_string(ARRAY(SELECT e FROM unnest(ARRAY['x', 'y', 'z']) WITH ORDINALITY AS t(e, n) ORDER BY n DESC), '') AS reversed;
--> reversed
--> zyx

SELECT n, e FROM unnest(ARRAY['a', NULL, 'c']) WITH ORDINALITY AS t(e, n) WHERE e IS NOT NULL ORDER BY n;
--> n | e
--> 1 | a
--> 3 | c

SELECT a, b FROM unnest(ARRAY[1, 2], ARRAY['x', 'y', 'z']) AS t(a, b) ORDER BY b;
--> a | b
--> 1 | x
--> 2 | y
--> NULL | z

SELECT array_agg(x ORDER BY x DESC) AS sorted, array_agg(DISTINCT x) AS distinct, array_agg(x) FILTER (WHERE x > 9) AS none, (array_agg(x ORDER BY x))[1] AS first FROM (VALUES (2), (1), (2)) v(x);
--> sorted | distinct | none | first
--> {2,2,1} | {1,2} | NULL | 1

SELECT id FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY['c']), (3, NULL), (4, '{}')) v(id, tags) WHERE 'a' = ANY (tags) OR cardinality(tags) = 0 ORDER BY id;
--> id
--> 1
--> 4

SELECT tag, count(*) AS n, array_agg(id ORDER BY id) AS ids FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY['b']), (3, '{}')) v(id, tags), unnest(tags) AS tag GROUP BY tag ORDER BY tag;
--> tag | n | ids
--> a | 1 | {1}
--> b | 2 | {1,2}

SELECT id, tag FROM (VALUES (1, ARRAY['a']), (2, '{}'), (3, NULL)) v(id, tags) LEFT JOIN LATERAL unnest(tags) AS tag ON true ORDER BY id;
--> id | tag
--> 1 | a
--> 2 | NULL
--> 3 | NULL

CREATE TABLE baskets (id INTEGER PRIMARY KEY, items TEXT[] NOT NULL DEFAULT '{}');

INSERT INTO baskets VALUES (1, '{a}'), (2, DEFAULT);

UPDATE baskets SET items = items || 'b'::text WHERE id = 1 RETURNING items;
--> items
--> {a,b}

UPDATE baskets SET items = array_append(items, 'c') WHERE id = 2 RETURNING items, items[1];
--> items | items
--> {c} | c

UPDATE baskets SET items = array_remove(items, 'a') WHERE 'a' = ANY (items) RETURNING id, items;
--> id | items
--> 1 | {b}

SELECT array_agg(DISTINCT item ORDER BY item) AS all FROM baskets, unnest(items) AS item;
--> all
--> {b,c}
