-- json_set, json_insert, json_replace, json_remove, json_patch
-- oracle: sqlite
-- chapter: functions

SELECT json_set('{"a": 1}', '$.a', 2) AS changed, json_set('{"a": 1}', '$.b', 2) AS new, json_insert('{"a": 1}', '$.a', 2) AS insert_there, json_insert('{"a": 1}', '$.b', 2) AS insert_new, json_replace('{"a": 1}', '$.a', 2) AS replace_there, json_replace('{"a": 1}', '$.b', 2) AS replace_new;
--> changed | new | insert_there | insert_new | replace_there | replace_new
--> {"a":2} | {"a":1,"b":2} | {"a":1} | {"a":1,"b":2} | {"a":2} | {"a":1}

SELECT json_set('[1, 2]', '$[0]', 9) AS element, json_set('[1, 2]', '$[2]', 9) AS behind, json_set('[1, 2]', '$[5]', 9) AS far, json_set('[1, 2]', '$[#]', 9) AS appended, json_set('[1, 2]', '$[#-1]', 9) AS last;
--> element | behind | far | appended | last
--> [9,2] | [1,2,9] | [1,2] | [1,2,9] | [1,9]

SELECT json_set('{}', '$.a.b.c', 1) AS deep, json_set('{"a": 5}', '$.a.b', 1) AS of_number, json_set('{}', '$.a[0]', 1) AS array, json_set('{}', '$.x', 1, '$.y', 2) AS several;
--> deep | of_number | array | several
--> {"a":{"b":{"c":1}}} | {"a":5} | {"a":[1]} | {"x":1,"y":2}

SELECT json_set('{}', '$.a', '[1]') AS text, json_set('{}', '$.a', json('[1]')) AS json, json_set('{}', '$.a', NULL) AS n, json_set('{}', '$.a', 1.5) AS real, json_set('{}', '$.a', json_array(1, 2)) AS array;
--> text | json | n | real | array
--> {"a":"[1]"} | {"a":[1]} | {"a":null} | {"a":1.5} | {"a":[1,2]}

SELECT json_remove('{"a": 1, "b": 2}', '$.a') AS key, json_remove('[1, 2, 3]', '$[1]') AS element, json_remove('[1, 2, 3]', '$[0]', '$[0]') AS twice, json_remove('{"a": 1}', '$.x') AS missing, json_remove('{"a": 1}', '$') AS whole;
--> key | element | twice | missing | whole
--> {"b":2} | [1,3] | [3] | {"a":1} | NULL

SELECT json_patch('{"a": 1, "b": {"c": 2}}', '{"b": {"d": 3}}') AS merged, json_patch('{"a": 1}', '{"a": null}') AS removed, json_patch('{"a": [1]}', '{"a": [2]}') AS array, json_patch('[1]', '{"a": 1}') AS other_kind;
--> merged | removed | array | other_kind
--> {"a":1,"b":{"c":2,"d":3}} | {} | {"a":[2]} | {"a":1}

SELECT json_array(1, 'a', NULL, 2.5, json('{"x": 1}')) AS array, json_object('a', 1, 'b', 'x') AS object, json_array() AS empty, json_object() AS empty_object;
--> array | object | empty | empty_object
--> [1,"a",null,2.5,{"x":1}] | {"a":1,"b":"x"} | [] | {}

SELECT json_object('a');
--! json_object() requires an even number of arguments

SELECT json_object(1, 2);
--! json_object() labels must be TEXT

SELECT json_quote('a"b') AS text, json_quote(1.5) AS number, json_quote(NULL) AS n, json_quote(json('[1]')) AS json, json_quote('[1]') AS plain;
--> text | number | n | json | plain
--> "a\"b" | 1.5 | null | [1] | "[1]"

SELECT json(' { "b" : 1 , "a" : [ 1 , 2 ] } ') AS minified, json('"x"') AS text, json('{"a": 1, "a": 2}') AS twice;
--> minified | text | twice
--> {"b":1,"a":[1,2]} | "x" | {"a":1,"a":2}

CREATE TABLE config (id INTEGER PRIMARY KEY, body TEXT);

INSERT INTO config VALUES (1, '{"n": 1, "tags": ["a"]}');

UPDATE config SET body = json_set(body, '$.n', body ->> 'n' + 1, '$.tags[#]', 'b') RETURNING body;
--> body
--> {"n":2,"tags":["a","b"]}

UPDATE config SET body = json_set(body, '$.n', (body ->> 'n') + 1, '$.tags[#]', 'b') RETURNING body;
--> body
--> {"n":3,"tags":["a","b","b"]}

UPDATE config SET body = json_remove(body, '$.tags[0]') WHERE json_extract(body, '$.n') > 1 RETURNING body;
--> body
--> {"n":3,"tags":["b","b"]}

CREATE TABLE checked (body TEXT CHECK (json_valid(body)));

INSERT INTO checked VALUES ('{n}');
--! CHECK constraint failed: json_valid(body)
