-- Changing jsonb: set, insert, strip
-- oracle: postgres
-- chapter: functions

SELECT jsonb_set('[{"f1":1,"f2":null},2]', '{0,f1}', '[2,3]') AS s, jsonb_set('{"a":1}', '{b}', '2') AS created, jsonb_set('{"a":1}', '{b}', '2', false) AS not_created, jsonb_set('[1,2]', '{-1}', '9') AS last, jsonb_set('[1]', '{5}', '9') AS appended;
--> s | created | not_created | last | appended
--> [{"f1": [2, 3], "f2": null}, 2] | {"a": 1, "b": 2} | {"a": 1} | [1, 9] | [1, 9]

SELECT jsonb_set('{"a":{}}', '{x,y}', '1') AS no_parent, jsonb_set('{"a":1}', '{a}', NULL) AS null;
--> no_parent | null
--> {"a": {}} | NULL

SELECT jsonb_set_lax('{"a":1,"b":2}', '{a}', NULL) AS json_null, jsonb_set_lax('{"a":1,"b":2}', '{a}', NULL, true, 'delete_key') AS deleted, jsonb_set_lax('{"a":1}', '{a}', NULL, true, 'return_target') AS kept;
--> json_null | deleted | kept
--> {"a": null, "b": 2} | {"b": 2} | {"a": 1}

SELECT jsonb_set_lax('{"a":1}', '{a}', NULL, true, 'raise_exception');
--! 22004: JSON value must not be null

SELECT jsonb_insert('{"a": [0,1,2]}', '{a, 1}', '"new"') AS before, jsonb_insert('{"a": [0,1,2]}', '{a, 1}', '"new"', true) AS after, jsonb_insert('{"a":1}', '{b}', '2') AS key;
--> before | after | key
--> {"a": [0, "new", 1, 2]} | {"a": [0, 1, "new", 2]} | {"a": 1, "b": 2}

SELECT jsonb_insert('{"a":1}', '{a}', '2');
--! 22023: cannot replace existing key

SELECT json_strip_nulls('[{"f1":1, "f2":null}, 2, null, 3]') AS s, jsonb_strip_nulls('{"a":null}') AS e;
--> s | e
--> [{"f1":1},2,null,3] | {}

SELECT jsonb_pretty('[{"f1":1}, 2]') = E'[\n    {\n        "f1": 1\n    },\n    2\n]' AS pretty;
--> pretty
--> t

SELECT jsonb_set('5', '{a}', '1');
--! 22023: cannot set path in scalar

CREATE TABLE docs (id INTEGER PRIMARY KEY, d JSONB);

INSERT INTO docs VALUES (1, '{"a": {"n": 1}}');

UPDATE docs SET d['a']['n'] = '2';

UPDATE docs SET d['b'] = '"x"' WHERE d['a']['n'] = '2';

SELECT d, d['a']['n'] AS n, d['z'] AS none FROM docs;
--> d | n | none
--> {"a": {"n": 2}, "b": "x"} | 2 | NULL
