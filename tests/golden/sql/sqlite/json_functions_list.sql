-- JSON functions
-- oracle: sqlite
-- chapter: functions

SELECT json(' { "a" : [ 1 , 2.50 , null ] } '), json('5'), json('"x"'), json(NULL);
--> json(' { "a" : [ 1 , 2.50 , null ] } ') | json('5') | json('"x"') | json(NULL)
--> {"a":[1,2.50,null]} | 5 | "x" | NULL

SELECT json('{a:1}'), json('[1,]'), json('0x1F');
--> json('{a:1}') | json('[1,]') | json('0x1F')
--> {"a":1} | [1] | 31

SELECT json('{"a":');
--! malformed JSON

SELECT json_array(1, 'x', NULL, 1.5, json('[2]'), '[3]'), json_array();
--> json_array(1, 'x', NULL, 1.5, json('[2]'), '[3]') | json_array()
--> [1,"x",null,1.5,[2],"[3]"] | []

SELECT json_object('a', 1, 'b', NULL, 'c', json('{}')), json_object();
--> json_object('a', 1, 'b', NULL, 'c', json('{}')) | json_object()
--> {"a":1,"b":null,"c":{}} | {}

SELECT json_object('a');
--! json_object() requires an even number of arguments

SELECT json_object(1, 2);
--! json_object() labels must be TEXT

SELECT json_array_length('[1,2,3]'), json_array_length('{"a":[1,2]}', '$.a'), json_array_length('{}'), json_array_length('[1]', '$.x');
--> json_array_length('[1,2,3]') | json_array_length('{"a":[1,2]}', '$.a') | json_array_length('{}') | json_array_length('[1]', '$.x')
--> 3 | 2 | 0 | NULL

SELECT json_type('{"a":[2,3.5,true,false,null,"x"]}'), json_type('{"a":[2,3.5,true,null,"x"]}', '$.a[1]'), json_type('[null]', '$[0]'), json_type('[1]', '$[5]');
--> json_type('{"a":[2,3.5,true,false,null,"x"]}') | json_type('{"a":[2,3.5,true,null,"x"]}', '$.a[1]') | json_type('[null]', '$[0]') | json_type('[1]', '$[5]')
--> object | real | null | NULL

SELECT json_valid('{"a":1}'), json_valid('{a:1}'), json_valid('x'), json_valid(NULL), json_valid('{a:1}', 2);
--> json_valid('{"a":1}') | json_valid('{a:1}') | json_valid('x') | json_valid(NULL) | json_valid('{a:1}', 2)
--> 1 | 0 | 0 | NULL | 1

SELECT json_quote('it"s'), json_quote(5), json_quote(NULL), json_quote(json('[1]'));
--> json_quote('it"s') | json_quote(5) | json_quote(NULL) | json_quote(json('[1]'))
--> "it\"s" | 5 | null | [1]

SELECT json_quote(x'01');
--> json_quote(x'01')
--> true
--~! JSON cannot hold BLOB values

SELECT json_extract('{"a":{"b":[1,2,{"c":"x"}]}}', '$.a.b[2].c'), json_extract('{"a":1}', '$.z'), json_extract('{"a":[1,2]}', '$.a'), json_extract('[1,2]', '$[#-1]'), json_extract('{"a":1,"b":2}', '$.a', '$.b'), json_extract('{"a.b":1}', '$."a.b"');
--> json_extract('{"a":{"b":[1,2,{"c":"x"}]}}', '$.a.b[2].c') | json_extract('{"a":1}', '$.z') | json_extract('{"a":[1,2]}', '$.a') | json_extract('[1,2]', '$[#-1]') | json_extract('{"a":1,"b":2}', '$.a', '$.b') | json_extract('{"a.b":1}', '$."a.b"')
--> x | NULL | [1,2] | 2 | [1,2] | 1

SELECT json_extract('{"a":1}', 'a');
--! bad JSON path: 'a'

SELECT json_extract('{"a":true}', '$.a'), json_extract('{"a":null}', '$.a'), typeof(json_extract('{"a":"5"}', '$.a')), typeof(json_extract('{"a":1.0}', '$.a'));
--> json_extract('{"a":true}', '$.a') | json_extract('{"a":null}', '$.a') | typeof(json_extract('{"a":"5"}', '$.a')) | typeof(json_extract('{"a":1.0}', '$.a'))
--> 1 | NULL | text | real

SELECT '{"a":{"b":1}}' -> '$.a', '{"a":"x"}' -> 'a', '{"a":"x"}' ->> 'a', '[1,2]' -> 1, '[1,2]' ->> -1, '{"a":null}' ->> 'a', '{"a":1}' -> 'z';
--> '{"a":{"b":1}}' -> '$.a' | '{"a":"x"}' -> 'a' | '{"a":"x"}' ->> 'a' | '[1,2]' -> 1 | '[1,2]' ->> -1 | '{"a":null}' ->> 'a' | '{"a":1}' -> 'z'
--> {"b":1} | "x" | x | 2 | 2 | NULL | NULL

SELECT json_array(likely(json('[1]')), unlikely(json_object('a', 1)), likelihood(json('2'), 0.5), likely('[1]')) AS kept;
--> kept
--> [[1],{"a":1},2,"[1]"]
