-- Arrays as they are read and written
-- oracle: postgres
-- chapter: types

SELECT '{1,2,3}'::integer[] AS a, '{ 1 , 2 }'::integer[] AS spaces, '{}'::integer[] AS empty, '{{1,2},{3,4}}'::integer[] AS two;
--> a | spaces | empty | two
--> {1,2,3} | {1,2} | {} | {{1,2},{3,4}}

SELECT '{a,"b c",NULL,"NULL","x\"y",""}'::text[] AS texts;
--> texts
--> {a,"b c",NULL,"NULL","x\"y",""}

SELECT ARRAY['a,b', 'c"d', 'e\f', '', 'null', ' x '] AS quoted;
--> quoted
--> {"a,b","c\"d","e\\f","","null"," x "}

SELECT '{1,2'::integer[];
--! 22P02: malformed array literal: "{1,2"

SELECT '1,2'::integer[];
--! 22P02: malformed array literal: "1,2"

SELECT '{1,x}'::integer[];
--! 22P02: invalid input syntax for type integer: "x"

SELECT '{{1,2},{3}}'::integer[];
--! 22P02: malformed array literal: "{{1,2},{3}}"

SELECT ARRAY[[1, 2], [3]];
--! 2202E: multidimensional arrays must have array expressions with matching dimensions

SELECT ARRAY[true, NULL] AS b, ARRAY[1.50, 2] AS n, ARRAY[date '2024-01-01'] AS d, ARRAY[timestamp '2024-01-01 10:00'] AS t;
--> b | n | d | t
--> {t,NULL} | {1.50,2} | {2024-01-01} | {"2024-01-01 10:00:00"}

SELECT '[0:2]={a,b,c}'::text[] AS bounds, array_dims('[0:2]={a,b,c}'::text[]) AS dims;
--> bounds | dims
--> [0:2]={a,b,c} | [0:2]

SELECT ARRAY[1, 2]::text[] AS converted, '{1.6}'::numeric[]::integer[] AS rounded, ARRAY['1', '2']::integer[] AS parsed;
--> converted | rounded | parsed
--> {1,2} | {2} | {1,2}

SELECT ARRAY[1, 2] = ARRAY[1, 2] AS equal, ARRAY[1, 2] < ARRAY[1, 3] AS less, ARRAY[1] < ARRAY[1, 0] AS shorter, ARRAY[1, NULL] = ARRAY[1, NULL] AS nulls;
--> equal | less | shorter | nulls
--> t | t | t | t
