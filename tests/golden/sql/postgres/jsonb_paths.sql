-- Reading and changing jsonb by paths
-- oracle: postgres
-- chapter: functions

SELECT d #> '{a,b,0}' AS element, d #>> '{a,b,1}' AS text, d #> '{a,x}' AS missing, d #> '{}' AS whole FROM (SELECT '{"a": {"b": [1, "two"]}}'::jsonb AS d) s;
--> element | text | missing | whole
--> 1 | two | NULL | {"a": {"b": [1, "two"]}}

SELECT d -> -1 AS last, d ->> 0 AS first, d -> 9 AS behind, d -> 'a' AS key_of_array FROM (SELECT '[1, 2, {"x": 3}]'::jsonb AS d) s;
--> last | first | behind | key_of_array
--> {"x": 3} | 1 | NULL | NULL

SELECT d #>> '{2,x}' AS deep, d #> '{-1,x}' AS negative, jsonb_extract_path(d, '2', 'x') AS function, jsonb_extract_path_text(d, '0') AS text FROM (SELECT '[1, 2, {"x": 3}]'::jsonb AS d) s;
--> deep | negative | function | text
--> 3 | 3 | 3 | 1

SELECT d['a']['b'] AS subscript, d['a']['c'] AS missing, d['l'][1] AS element, (d['l'][0])::integer + 1 AS number FROM (SELECT '{"a": {"b": true}, "l": [5, 6]}'::jsonb AS d) s;
--> subscript | missing | element | number
--> true | NULL | 6 | 6

SELECT jsonb_set('{"a": {"b": 1}}', '{a,b}', '2') AS set, jsonb_set('{"a": {}}', '{a,c}', '[1]') AS created, jsonb_set('{"a": {}}', '{a,c}', '1', false) AS not_created, jsonb_set('{}', '{a,b}', '1') AS no_parent;
--> set | created | not_created | no_parent
--> {"a": {"b": 2}} | {"a": {"c": [1]}} | {"a": {}} | {}

SELECT jsonb_set('[1, 2, 3]', '{0}', '9') AS first, jsonb_set('[1, 2, 3]', '{-1}', '9') AS last, jsonb_set('[1, 2, 3]', '{5}', '9') AS appended, jsonb_set('[1, 2, 3]', '{-5}', '9') AS prepended;
--> first | last | appended | prepended
--> [9, 2, 3] | [1, 2, 9] | [1, 2, 3, 9] | [9, 1, 2, 3]

SELECT jsonb_insert('[1, 3]', '{1}', '2') AS before, jsonb_insert('[1, 3]', '{1}', '4', true) AS after, jsonb_insert('{"a": 1}', '{b}', '2') AS key;
--> before | after | key
--> [1, 2, 3] | [1, 3, 4] | {"a": 1, "b": 2}

SELECT jsonb_insert('{"a": 1}', '{a}', '2');
--! 22023: cannot replace existing key

SELECT '{"a": {"b": 1, "c": 2}}'::jsonb #- '{a,b}' AS deleted, '[1, 2, 3]'::jsonb #- '{1}' AS element, '{"a": 1}'::jsonb #- '{x,y}' AS missing;
--> deleted | element | missing
--> {"a": {"c": 2}} | [1, 3] | {"a": 1}

SELECT '{"a": 1, "b": 2}'::jsonb - 'a' AS key, '{"a": 1, "b": 2}'::jsonb - ARRAY['a', 'b'] AS keys, '["a", "b", "a"]'::jsonb - 'a' AS elements, '[1, 2, 3]'::jsonb - 0 AS first, '[1, 2, 3]'::jsonb - -1 AS last;
--> key | keys | elements | first | last
--> {"b": 2} | {} | ["b"] | [2, 3] | [1, 2]

SELECT '{"a": 1}'::jsonb - 0;
--! 22023: cannot delete from object using integer index

SELECT jsonb_set_lax('{"a": 1}', '{a}', NULL) AS as_null, jsonb_set_lax('{"a": 1}', '{a}', NULL, true, 'delete_key') AS deleted, jsonb_set_lax('{"a": 1}', '{a}', NULL, true, 'return_target') AS kept, jsonb_set('{"a": 1}', '{a}', NULL) AS plain;
--> as_null | deleted | kept | plain
--> {"a": null} | {} | {"a": 1} | NULL

CREATE TABLE config (id INTEGER PRIMARY KEY, body JSONB);

INSERT INTO config VALUES (1, '{"limits": {"day": 5}, "users": ["ann"]}');

UPDATE config SET body = jsonb_set(body, '{limits,day}', to_jsonb((body #>> '{limits,day}')::integer + 1)) RETURNING body;
--> body
--> {"users": ["ann"], "limits": {"day": 6}}

UPDATE config SET body = jsonb_set(body, '{users}', body -> 'users' || '"bob"') RETURNING body;
--> body
--> {"users": ["ann", "bob"], "limits": {"day": 6}}

UPDATE config SET body = body || '{"open": true}' - 'users' RETURNING body;
--! 42725: operator is not unique: unknown - unknown

UPDATE config SET body = (body - 'users') || '{"open": true}' RETURNING body;
--> body
--> {"open": true, "limits": {"day": 6}}

UPDATE config SET body['limits']['week'] = '20' RETURNING body;
--> body
--> {"open": true, "limits": {"day": 6, "week": 20}}
