-- Taking JSON apart
-- oracle: postgres
-- chapter: functions

SELECT * FROM json_each('{"a":"foo", "b":{"c":1}}');
--> key | value
--> a | "foo"
--> b | {"c":1}

SELECT * FROM jsonb_each_text('{"a":"foo", "b":null}');
--> key | value
--> a | foo
--> b | NULL

SELECT json_object_keys('{"b":1, "a":2}') AS k;
--> k
--> b
--> a

SELECT jsonb_object_keys('{"b":1, "a":2}') AS k;
--> k
--> a
--> b

SELECT * FROM json_array_elements('[1, true, [2, false]]');
--> value
--> 1
--> true
--> [2, false]

SELECT value, ordinality FROM jsonb_array_elements_text('["foo", null]') WITH ORDINALITY;
--> value | ordinality
--> foo | 1
--> NULL | 2

SELECT json_array_length('[1,2,{"a":1}]') AS n, jsonb_array_length('[]') AS zero;
--> n | zero
--> 3 | 0

SELECT jsonb_array_length('{"a":1}');
--! 22023: cannot get array length of a non-array

SELECT * FROM jsonb_array_elements('{"a":1}');
--! 22023: cannot extract elements from an object

SELECT * FROM jsonb_each('[1]');
--! 22023: cannot call jsonb_each on a non-object

SELECT json_typeof('-123.4') AS n, jsonb_typeof('null') AS nul, jsonb_typeof('"x"') AS s, jsonb_typeof('{}') AS o, jsonb_typeof(NULL) AS sql;
--> n | nul | s | o | sql
--> number | null | string | object | NULL

SELECT json_extract_path('{"f2":{"f3":1},"f4":{"f5":99}}', 'f4', 'f5') AS p, jsonb_extract_path_text('{"a":["x"]}', 'a', '0') AS t;
--> p | t
--> 99 | x

SELECT jsonb_object_keys('5');
--! 22023: cannot call jsonb_object_keys on a scalar
