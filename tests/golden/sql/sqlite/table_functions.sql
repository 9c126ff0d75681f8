-- Functions as tables: generate_series, json_each, pragmas
-- oracle: sqlite
-- chapter: queries

SELECT value FROM json_each('[10, 20]');
--> value
--> 10
--> 20

SELECT key, value, type, atom, fullkey, path FROM json_each('{"a": 1, "b": [2], "c": null}');
--> key | value | type | atom | fullkey | path
--> a | 1 | integer | 1 | $.a | $
--> b | [2] | array | NULL | $.b | $
--> c | NULL | null | NULL | $.c | $

SELECT key, type, fullkey FROM json_tree('{"a": [1, {"b": 2}]}') ORDER BY id;
--> key | type | fullkey
--> NULL | object | $
--> a | array | $.a
--> 0 | integer | $.a[0]
--> 1 | object | $.a[1]
--> b | integer | $.a[1].b

SELECT value FROM json_each('{"a": [7, 8]}', '$.a');
--> value
--> 7
--> 8

CREATE TABLE t (id INTEGER, tags TEXT);

INSERT INTO t VALUES (1, '["x", "y"]'), (2, '[]'), (3, NULL);

SELECT t.id, j.value FROM t, json_each(t.tags) AS j ORDER BY t.id, j.key;
--> id | value
--> 1 | x
--> 1 | y

SELECT t.id, j.value FROM t LEFT JOIN json_each(t.tags) AS j ORDER BY t.id, j.key;
--> id | value
--> 1 | x
--> 1 | y
--> 2 | NULL
--> 3 | NULL

SELECT id FROM t WHERE EXISTS (SELECT 1 FROM json_each(t.tags) WHERE value = 'x');
--> id
--> 1

SELECT name FROM pragma_table_info('t') ORDER BY cid;
--> name
--> id
--> tags

SELECT count(*) FROM json_each('not json');
--! malformed JSON

SELECT value FROM generate_series(1, 3);
--! no such table: generate_series

SELECT * FROM no_such(1);
--! no such table: no_such
