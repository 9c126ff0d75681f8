-- @>, <@, ?, ?| and ?&: what a jsonb contains
-- oracle: postgres
-- chapter: functions

SELECT '{"a": 1, "b": 2}'::jsonb @> '{"a": 1}' AS object, '{"a": 1}'::jsonb @> '{"a": 1, "b": 2}' AS more, '{"a": 1}'::jsonb <@ '{"a": 1, "b": 2}' AS within, '{"a": 1}'::jsonb @> '{}' AS empty;
--> object | more | within | empty
--> t | f | t | t

SELECT '{"a": {"b": 1, "c": 2}}'::jsonb @> '{"a": {"b": 1}}' AS nested, '{"a": {"b": 1}}'::jsonb @> '{"b": 1}' AS not_deeper, '{"a": [1, 2]}'::jsonb @> '{"a": [2]}' AS array_within;
--> nested | not_deeper | array_within
--> t | f | t

SELECT '[1, 2, 3]'::jsonb @> '[3, 1]' AS any_order, '[1, 2]'::jsonb @> '[1, 1, 1]' AS twice, '[1, [2, 3]]'::jsonb @> '[2]' AS not_flat, '[1, [2, 3]]'::jsonb @> '[[2]]' AS nested;
--> any_order | twice | not_flat | nested
--> t | t | f | t

SELECT '["a", "b"]'::jsonb @> '"a"' AS primitive, '"a"'::jsonb @> '["a"]' AS not_turned, '[1]'::jsonb @> '1.0' AS number, '"a"'::jsonb @> '"a"' AS same;
--> primitive | not_turned | number | same
--> t | f | t | t

SELECT '{"a": null}'::jsonb @> '{"a": null}' AS null_value, '{}'::jsonb @> '{"a": null}' AS missing, '[null]'::jsonb @> 'null' AS element, NULL::jsonb @> '{}' AS sql_null;
--> null_value | missing | element | sql_null
--> t | f | t | NULL

SELECT '{"a": 1, "b": null}'::jsonb ? 'b' AS key, '["a", "b"]'::jsonb ? 'a' AS element, '[1]'::jsonb ? '1' AS number, '"a"'::jsonb ? 'a' AS text, '{"a": {"b": 1}}'::jsonb ? 'b' AS nested;
--> key | element | number | text | nested
--> t | t | f | t | f

SELECT '{"a": 1}'::jsonb ?| ARRAY['x', 'a'] AS any, '{"a": 1}'::jsonb ?& ARRAY['x', 'a'] AS all, '{"a": 1}'::jsonb ?& ARRAY[]::text[] AS none, '{"a": 1}'::jsonb ?| ARRAY[]::text[] AS any_of_none;
--> any | all | none | any_of_none
--> t | f | t | f

CREATE TABLE docs (id INTEGER PRIMARY KEY, body JSONB);

INSERT INTO docs VALUES (1, '{"symbol": "A", "tags": ["new", "large"], "price": {"bid": 10, "ask": 11}}'), (2, '{"symbol": "B", "tags": []}'), (3, '{"symbol": "A", "tags": null}'), (4, '[1, 2]'), (5, NULL);

SELECT id FROM docs WHERE body @> '{"symbol": "A"}' ORDER BY id;
--> id
--> 1
--> 3

SELECT id FROM docs WHERE body @> '{"tags": ["large"]}' ORDER BY id;
--> id
--> 1

SELECT id FROM docs WHERE body -> 'tags' ? 'new' ORDER BY id;
--> id
--> 1

SELECT id FROM docs WHERE body @> '{"price": {"bid": 10}}' OR body @> '[2]' ORDER BY id;
--> id
--> 1
--> 4

SELECT id, body ? 'price' AS priced FROM docs ORDER BY id;
--> id | priced
--> 1 | t
--> 2 | f
--> 3 | f
--> 4 | f
--> 5 | NULL

SELECT id FROM docs WHERE NOT body ? 'price' ORDER BY id;
--> id
--> 2
--> 3
--> 4

SELECT id, jsonb_typeof(body -> 'tags') AS tags, body -> 'tags' IS NULL AS missing FROM docs ORDER BY id;
--> id | tags | missing
--> 1 | array | f
--> 2 | array | f
--> 3 | null | f
--> 4 | NULL | t
--> 5 | NULL | t

SELECT '{"a": 1}'::json @> '{"a": 1}';
--! 42883: operator does not exist: json @> unknown
