-- lpad, rpad, split_part, string_to_array
-- oracle: postgres
-- chapter: functions

SELECT lpad('hi', 5, 'xy') AS l, rpad('hi', 5, 'xy') AS r, lpad('hello', 2) AS cut, lpad('hi', 4) || '|' AS spaces, lpad('hi', -1) AS none, lpad('hi', 5, '') AS nothing;
--> l | r | cut | spaces | none | nothing
--> xyxhi | hixyx | he |   hi| |  | hi

SELECT split_part('abc~@~def~@~ghi', '~@~', 2) AS second, split_part('abc,def', ',', -1) AS last, split_part('abc', ',', 2) AS none, split_part('abc', ',', 1) AS all;
--> second | last | none | all
--> def | def |  | abc

SELECT split_part('abc', ',', 0);
--! 22023: field position must not be zero

SELECT string_to_array('xx~~yy~~zz', '~~') AS a, string_to_array('xx,yy', ',', 'yy') AS nulls, string_to_array('abc', NULL) AS letters, string_to_array('abc', '') AS whole, string_to_array('', ',') AS empty;
--> a | nulls | letters | whole | empty
--> {xx,yy,zz} | {xx,NULL} | {a,b,c} | {abc} | {}

SELECT * FROM string_to_table('a,b,,c', ',', '') AS t(x);
--> x
--> a
--> b
--> NULL
--> c

SELECT array_to_string(ARRAY['a', NULL, 'b'], '-') AS skipped, array_to_string(ARRAY[1, 2], NULL) AS n, array_to_string(ARRAY[[1, 2], [3, 4]], ',') AS flat;
--> skipped | n | flat
--> a-b | NULL | 1,2,3,4
