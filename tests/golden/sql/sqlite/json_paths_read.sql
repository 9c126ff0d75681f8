-- Paths into JSON: keys, elements, from the end, and what is not there
-- oracle: sqlite
-- chapter: functions

SELECT json_extract('{"a": {"b": [1, 2, {"c": 3}]}}', '$.a.b[2].c') AS deep, json_extract('{"a": 1}', '$.x') AS missing, json_extract('{"a": 1}', '$') AS whole, json_extract('[1, 2, 3]', '$[#-1]') AS last;
--> deep | missing | whole | last
--> 3 | NULL | {"a":1} | 3

SELECT json_extract('{"a": 1, "b": "two"}', '$.a', '$.b') AS several, json_extract('{"a": 1}', '$.a', '$.x') AS with_missing, typeof(json_extract('{"a": 1}', '$.a', '$.x')) AS type;
--> several | with_missing | type
--> [1,"two"] | [1,null] | text

SELECT json_extract('{"a b": 1, "c.d": 2}', '$."a b"') AS space, json_extract('{"a b": 1, "c.d": 2}', '$."c.d"') AS dot, json_extract('{"": 5}', '$.""') AS empty;
--> space | dot | empty
--> 1 | 2 | 5

SELECT '{"a": {"b": 1}}' -> '$.a' AS arrow, '{"a": {"b": 1}}' ->> '$.a' AS double_arrow, '{"a": "x"}' -> 'a' AS quoted, '{"a": "x"}' ->> 'a' AS unquoted, '[10, 20]' -> 1 AS element, '[10, 20]' ->> -1 AS from_end;
--> arrow | double_arrow | quoted | unquoted | element | from_end
--> {"b":1} | {"b":1} | "x" | x | 20 | 20

SELECT typeof('{"a": 1}' -> 'a') AS arrow, typeof('{"a": 1}' ->> 'a') AS double_arrow, typeof('{"a": null}' -> 'a') AS null_arrow, typeof('{"a": null}' ->> 'a') AS null_double, typeof('{"a": 1.5}' ->> 'a') AS real, typeof('{"a": true}' ->> 'a') AS truth;
--> arrow | double_arrow | null_arrow | null_double | real | truth
--> text | integer | text | null | real | integer

SELECT '{"a": [1, {"b": 2}]}' -> 'a' -> 1 ->> 'b' AS chain, '{"a": {"b": 5}}' ->> 'a.b' AS one_key, '{"a.b": 6}' ->> 'a.b' AS dotted_key;
--> chain | one_key | dotted_key
--> 2 | NULL | 6

SELECT json_extract('{"a": 1}', 'a');
--! bad JSON path: 'a'

SELECT json_extract('{"a": 1}', '$.a[');
--> json_extract('{"a": 1}', '$.a[')
--> NULL

SELECT json_extract('{a', '$.a');
--! malformed JSON

SELECT json_extract(NULL, '$') AS no_json, json_extract('{"a": 1}', NULL) AS no_path, NULL -> 'a' AS arrow, '{"a": 1}' -> NULL AS key;
--> no_json | no_path | arrow | key
--> NULL | NULL | NULL | NULL

SELECT json_type('{"a": [1, 2.5, "x", null, true, {}]}', '$.a') AS array, json_type('[1]', '$[0]') AS integer, json_type('[2.5]', '$[0]') AS real, json_type('["x"]', '$[0]') AS text, json_type('[null]', '$[0]') AS null_value, json_type('[]', '$[0]') AS missing, json_type('[true]', '$[0]') AS truth;
--> array | integer | real | text | null_value | missing | truth
--> array | integer | real | text | null | NULL | true

SELECT json_array_length('[1, [2, 3], 4]') AS length, json_array_length('{"a": [1, 2]}', '$.a') AS by_path, json_array_length('{"a": 1}') AS of_object, json_array_length('[]', '$.x') AS missing;
--> length | by_path | of_object | missing
--> 3 | 2 | 0 | NULL

SELECT json_valid('{"a": 1}') AS a, json_valid('{a: 1}') AS b, json_valid('') AS c, json_valid(NULL) AS d, json_valid('1') AS e, json_valid('{"a": 1}x') AS f, json_valid('{a: 1}', 2) AS json5;
--> a | b | c | d | e | f | json5
--> 1 | 0 | 0 | NULL | 1 | 0 | 1

SELECT json_error_position('{"a": 1}') AS none, json_error_position('{"a": }') AS at, json_error_position('[1, 2') AS cut;
--> none | at | cut
--> 0 | 6 | 6
