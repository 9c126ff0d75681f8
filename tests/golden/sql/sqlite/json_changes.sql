-- Changing JSON: set, insert, replace, remove, patch
-- oracle: sqlite
-- chapter: functions

SELECT json_set('{"a":1}', '$.a', 2, '$.b', 3), json_insert('{"a":1}', '$.a', 2, '$.b', 3), json_replace('{"a":1}', '$.a', 2, '$.b', 3);
--> json_set('{"a":1}', '$.a', 2, '$.b', 3) | json_insert('{"a":1}', '$.a', 2, '$.b', 3) | json_replace('{"a":1}', '$.a', 2, '$.b', 3)
--> {"a":2,"b":3} | {"a":1,"b":3} | {"a":2}

SELECT json_set('[1,2]', '$[#]', 3), json_set('[1,2]', '$[5]', 3), json_set('[1,2]', '$[0]', json('[9]')), json_set('[1,2]', '$[0]', '[9]');
--> json_set('[1,2]', '$[#]', 3) | json_set('[1,2]', '$[5]', 3) | json_set('[1,2]', '$[0]', json('[9]')) | json_set('[1,2]', '$[0]', '[9]')
--> [1,2,3] | [1,2] | [[9],2] | ["[9]",2]

SELECT json_set('{"a":{}}', '$.a.b.c', 1), json_set('{}', '$.x[0]', 1), json_set('{"a":1}', '$', 5);
--> json_set('{"a":{}}', '$.a.b.c', 1) | json_set('{}', '$.x[0]', 1) | json_set('{"a":1}', '$', 5)
--> {"a":{"b":{"c":1}}} | {"x":[1]} | 5

SELECT json_remove('{"a":1,"b":2}', '$.a'), json_remove('[0,1,2,3]', '$[2]', '$[0]'), json_remove('[1]', '$[9]'), json_remove('{"a":1}', '$'), json_remove('{"a":1}');
--> json_remove('{"a":1,"b":2}', '$.a') | json_remove('[0,1,2,3]', '$[2]', '$[0]') | json_remove('[1]', '$[9]') | json_remove('{"a":1}', '$') | json_remove('{"a":1}')
--> {"b":2} | [1,3] | [1] | NULL | {"a":1}

SELECT json_patch('{"a":1,"b":2}', '{"b":null,"c":3}'), json_patch('{"a":{"x":1}}', '{"a":{"y":2}}'), json_patch('[1]', '{"a":1}'), json_patch('{}', '[1]');
--> json_patch('{"a":1,"b":2}', '{"b":null,"c":3}') | json_patch('{"a":{"x":1}}', '{"a":{"y":2}}') | json_patch('[1]', '{"a":1}') | json_patch('{}', '[1]')
--> {"a":1,"c":3} | {"a":{"x":1,"y":2}} | {"a":1} | [1]

SELECT json_set('{"a":1}', '$.a', NULL), json_set('{"a":1}', '$.b', x'00');
--> json_set('{"a":1}', '$.a', NULL) | json_set('{"a":1}', '$.b', x'00')
--> {"a":null} | {"a":1,"b":null}
--~! JSON cannot hold BLOB values

SELECT json_set('{"a":1}', '$.a');
--! json_set() needs an odd number of arguments

SELECT json_set(NULL, '$.a', 1), json_patch(NULL, '{}'), json_remove('{}', NULL);
--> json_set(NULL, '$.a', 1) | json_patch(NULL, '{}') | json_remove('{}', NULL)
--> NULL | NULL | NULL

SELECT json_group_array(n), json_group_object(k, n) FROM (SELECT 'a' AS k, 1 AS n UNION ALL SELECT 'b', NULL ORDER BY 1);
--> json_group_array(n) | json_group_object(k, n)
--> [1,null] | {"a":1,"b":null}

SELECT json_group_array(json_object('n', n)) FROM (SELECT 1 AS n UNION ALL SELECT 2 ORDER BY 1);
--> json_group_array(json_object('n', n))
--> [{"n":1},{"n":2}]

SELECT replace(json_pretty('{"a":[1,2],"b":{}}'), char(10), '/') AS pretty, replace(json_pretty('[1]', '  '), char(10), '/') AS narrow;
--> pretty | narrow
--> {/    "a": [/        1,/        2/    ],/    "b": {}/} | [/  1/]

SELECT jsonb('{"a":1}') IS NOT NULL, json(jsonb('{"a":1}'));
--> jsonb('{"a":1}') IS NOT NULL | json(jsonb('{"a":1}'))
--> 1 | {"a":1}
--~! no such function: jsonb

SELECT json_error_position('{"a":}'), json_error_position('{}');
--> json_error_position('{"a":}') | json_error_position('{}')
--> 6 | 0
