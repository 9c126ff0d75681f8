-- The path language of jsonb
-- oracle: postgres
-- chapter: functions

SELECT jsonb_path_query('{"a":[1,2,3,4,5]}', '$.a[*] ? (@ >= 2 && @ <= 4)') AS q;
--> q
--> 2
--> 3
--> 4

SELECT jsonb_path_query_array('{"a":[1,2,3]}', '$.a[*] ? (@ > 1)') AS a, jsonb_path_query_first('{"a":[1,2]}', '$.a[last]') AS f, jsonb_path_exists('{"a":1}', '$.b') AS e, jsonb_path_match('{"a":1}', '$.a == 1') AS m;
--> a | f | e | m
--> [2, 3] | 2 | f | t

SELECT '{"a":[1,2,3]}'::jsonb @? '$.a[*] ? (@ > 2)' AS exists, '{"a":[1,2,3]}'::jsonb @@ '$.a[*] > 2' AS match;
--> exists | match
--> t | t

SELECT jsonb_path_query_array('[1, "x", null, true]', '$[*].type()') AS types, jsonb_path_query('{"a":[1,2]}', '$.a.size()') AS size, jsonb_path_query('-7.5', '$.abs().ceiling()') AS number;
--> types | size | number
--> ["number", "string", "null", "boolean"] | 2 | 8

SELECT jsonb_path_query_array('{"a":[1,2,3]}', '$.a[*] ? (@ > $min)', '{"min": 1}') AS variables, jsonb_path_query_array('{"x":"abc"}', '$.x ? (@ like_regex "^a")') AS regex, jsonb_path_query_array('{"a":{"b":1}}', '$.**.b') AS anywhere;
--> variables | regex | anywhere
--> [2, 3] | ["abc"] | [1]

SELECT jsonb_path_query('{"a":1}', 'strict $.b');
--! 2203A: JSON object does not contain key "b"

SELECT jsonb_path_query('{"a":1}', 'lax $.b') AS none;
--> none

SELECT jsonb_path_query('{}', '$.');
--! 42601: syntax error at end of jsonpath input

SELECT '$.a[*] ? (@ > 1)'::jsonpath AS p;
--> p
--> $."a"[*]?(@ > 1)
--~! 42704: type "jsonpath" does not exist
