-- Arrays of several dimensions, and bounds other than 1
-- oracle: postgres
-- chapter: types

SELECT ARRAY[[1, 2], [3, 4]] AS nested, '{{1,2},{3,4}}'::integer[] AS text, ARRAY[ARRAY[1], ARRAY[2]] AS arrays;
--> nested | text | arrays
--> {{1,2},{3,4}} | {{1,2},{3,4}} | {{1},{2}}

SELECT a[1][2] AS element, a[2][1] AS other, a[1] AS not_a_row, a[3][1] AS behind, a[1:1] AS slice, a[:][2:] AS columns FROM (SELECT ARRAY[[1, 2], [3, 4]] AS a) s;
--> element | other | not_a_row | behind | slice | columns
--> 2 | 3 | NULL | NULL | {{1,2}} | {{2},{4}}

SELECT array_dims(ARRAY[[1, 2, 3], [4, 5, 6]]) AS dims, array_ndims(ARRAY[[1], [2]]) AS ndims, array_length(ARRAY[[1, 2, 3]], 2) AS length, cardinality(ARRAY[[1, 2], [3, 4]]) AS elements, array_upper(ARRAY[[1], [2]], 1) AS upper;
--> dims | ndims | length | elements | upper
--> [1:2][1:3] | 2 | 3 | 4 | 2

SELECT '{{1,2},{3}}'::integer[];
--! 22P02: malformed array literal: "{{1,2},{3}}"

SELECT ARRAY[[1, 2], [3]];
--! 2202E: multidimensional arrays must have array expressions with matching dimensions

SELECT ARRAY[[1, 2], NULL];
--! 42601: syntax error at or near "NULL"
--~! 2202E: multidimensional arrays must have array expressions with matching dimensions

SELECT '[0:2]={5,6,7}'::integer[] AS bounds, ('[0:2]={5,6,7}'::integer[])[0] AS zeroth, array_lower('[0:2]={5,6,7}'::integer[], 1) AS lower, array_dims('[-1:0]={1,2}'::integer[]) AS negative;
--> bounds | zeroth | lower | negative
--> [0:2]={5,6,7} | 5 | 0 | [-1:0]

SELECT '[0:2]={5,6,7}'::integer[] = ARRAY[5, 6, 7] AS equal, ARRAY[[1, 2]] = ARRAY[1, 2] AS dims_differ;
--> equal | dims_differ
--> f | f

SELECT ARRAY[1, 2] || ARRAY[[3, 4], [5, 6]] AS row_before, ARRAY[[1, 2]] || ARRAY[3, 4] AS row_after, ARRAY[[1]] || ARRAY[[2]] AS joined, array_cat(ARRAY[[1]], ARRAY[[2]]) AS function;
--> row_before | row_after | joined | function
--> {{1,2},{3,4},{5,6}} | {{1,2},{3,4}} | {{1},{2}} | {{1},{2}}

SELECT ARRAY[[1, 2]] || 3;
--! 22000: argument must be empty or one-dimensional array

SELECT unnest(ARRAY[[1, 2], [3, 4]]) AS flat;
--> flat
--> 1
--> 2
--> 3
--> 4

SELECT array_agg(row) AS matrix FROM (VALUES (ARRAY[1, 2]), (ARRAY[3, 4])) v(row);
--> matrix
--> {{1,2},{3,4}}

SELECT array_agg(row) FROM (VALUES (ARRAY[1, 2]), (ARRAY[3])) v(row);
--! 2202E: cannot accumulate arrays of different dimensionality

SELECT array_fill(0, ARRAY[2, 3]) AS zeros, array_fill('x'::text, ARRAY[2], ARRAY[5]) AS shifted, array_fill(1, ARRAY[]::integer[]) AS none;
--> zeros | shifted | none
--> {{0,0,0},{0,0,0}} | [5:6]={x,x} | {}

SELECT i, j, a[i][j] AS value FROM (SELECT ARRAY[[1, 2], [3, 4]] AS a) s, generate_subscripts(a, 1) AS i, generate_subscripts(a, 2) AS j ORDER BY 1, 2;
--> i | j | value
--> 1 | 1 | 1
--> 1 | 2 | 2
--> 2 | 1 | 3
--> 2 | 2 | 4

SELECT ARRAY(SELECT ARRAY[n, n * n] FROM generate_series(1, 3) AS n ORDER BY n) AS squares, ARRAY[]::integer[] AS empty, array_dims('{}'::integer[]) AS no_dims;
--> squares | empty | no_dims
--> {{1,1},{2,4},{3,9}} | {} | NULL

SELECT sum(a[i][i]) AS trace FROM (SELECT ARRAY[[1, 2], [3, 4]] AS a) s, generate_series(1, 2) AS i;
--> trace
--> 5

SELECT ARRAY[1, 2, 3][2];
--! 42601: syntax error at or near "["
--~> array
--~> 2

SELECT (ARRAY['a', 'b'])[3] IS NULL AS behind, (ARRAY[1, 2, 3])[2:9] AS slice, (ARRAY[1, 2, 3])[3:1] AS reversed;
--> behind | slice | reversed
--> t | {2,3} | {}
