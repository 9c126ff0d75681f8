-- Rows as JSON, and JSON as rows
-- oracle: postgres
-- chapter: functions

CREATE TABLE pairs (id integer PRIMARY KEY, name text, made date);

INSERT INTO pairs VALUES (1, 'one', '2024-01-01'), (2, NULL, NULL);

SELECT row_to_json(p) FROM pairs AS p ORDER BY id;
--> row_to_json
--> {"id":1,"name":"one","made":"2024-01-01"}
--> {"id":2,"name":null,"made":null}

SELECT to_jsonb(p) AS row FROM pairs AS p ORDER BY id;
--> row
--> {"id": 1, "made": "2024-01-01", "name": "one"}
--> {"id": 2, "made": null, "name": null}

SELECT json_agg(p ORDER BY id)::jsonb FROM pairs AS p;
--> json_agg
--> [{"id": 1, "made": "2024-01-01", "name": "one"}, {"id": 2, "made": null, "name": null}]

SELECT row_to_json(ROW(1, 'a')), to_jsonb(ROW(1, NULL)), jsonb_build_object('row', ROW(2, 3));
--> row_to_json | to_jsonb | jsonb_build_object
--> {"f1":1,"f2":"a"} | {"f1": 1, "f2": null} | {"row": {"f1": 2, "f2": 3}}

SELECT to_json('text');
--! 42804: could not determine polymorphic type because input has type unknown

SELECT to_json('text'::text);
--> to_json
--> "text"

SELECT * FROM jsonb_to_recordset('[{"a": 1, "b": "x"}, {"a": 2, "c": 3}]') AS r(a integer, b text);
--> a | b
--> 1 | x
--> 2 | NULL

SELECT r.a + 1 AS next, r.c FROM json_to_record('{"a": 1, "b": "x", "c": {"d": [1]}}') AS r(a integer, c json);
--> next | c
--> 2 | {"d": [1]}

SELECT p.id, r.n FROM pairs AS p, jsonb_to_record(jsonb_build_object('n', p.name)) AS r(n varchar) ORDER BY p.id;
--> id | n
--> 1 | one
--> 2 | NULL

SELECT * FROM jsonb_to_recordset('[]');
--! 42601: a column definition list is required for functions returning "record"

SELECT jsonb_insert('{"a": [0, 1, 2]}', '{a, 1}', '"new"'), jsonb_insert('{"a": [0, 1, 2]}', '{a, 1}', '"new"', true);
--> jsonb_insert | jsonb_insert
--> {"a": [0, "new", 1, 2]} | {"a": [0, 1, "new", 2]}

SELECT jsonb_insert('{"a": [0]}', '{a, -5}', '1'), jsonb_insert('{"a": [0]}', '{a, 5}', '1'), jsonb_insert('{"a": 1}', '{b}', '2');
--> jsonb_insert | jsonb_insert | jsonb_insert
--> {"a": [1, 0]} | {"a": [0, 1]} | {"a": 1, "b": 2}

SELECT jsonb_insert('{"a": 1}', '{a}', '2');
--! 22023: cannot replace existing key

SELECT json_object('{a, 1, b, NULL}'), json_object('{{a, 1}, {b, 2}}'), json_object('{a, b}', '{1, 2}');
--> json_object | json_object | json_object
--> {"a" : "1", "b" : null} | {"a" : "1", "b" : "2"} | {"a" : "1", "b" : "2"}

SELECT jsonb_object('{b, 1, a, 2, b, 3}'), jsonb_object('{a, b}', '{1, NULL}');
--> jsonb_object | jsonb_object
--> {"a": "2", "b": "3"} | {"a": "1", "b": null}

SELECT json_object('{a, 1, b}');
--! 2202E: array must have even number of elements

SELECT json_object('{a, NULL}', '{1}');
--! 2202E: mismatched array dimensions

SELECT jsonb_object('{NULL, 1}');
--! 22004: null value not allowed for object key

SELECT json_strip_nulls('{"a": null, "b": {"c": null, "d": [1, null, "\u00e9"]}}');
--> json_strip_nulls
--> {"b":{"d":[1,null,"é"]}}
