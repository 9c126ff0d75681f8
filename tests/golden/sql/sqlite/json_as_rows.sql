-- json_each and json_tree make rows of JSON
-- oracle: sqlite
-- chapter: functions

SELECT key, value, type, atom FROM json_each('{"a": 1, "b": "x", "c": [1], "d": null, "e": true, "f": 2.5}') ORDER BY key;
--> key | value | type | atom
--> a | 1 | integer | 1
--> b | x | text | x
--> c | [1] | array | NULL
--> d | NULL | null | NULL
--> e | 1 | true | 1
--> f | 2.5 | real | 2.5

SELECT key, value, fullkey, path FROM json_each('[10, 20, 30]') WHERE value > 10 ORDER BY key;
--> key | value | fullkey | path
--> 1 | 20 | $[1] | $
--> 2 | 30 | $[2] | $

SELECT key, value FROM json_each('{"a": {"b": [5, 6]}}', '$.a.b') ORDER BY key;
--> key | value
--> 0 | 5
--> 1 | 6

SELECT fullkey, type, atom FROM json_tree('{"a": [1, {"b": 2}], "c": "x"}') ORDER BY fullkey;
--> fullkey | type | atom
--> $ | object | NULL
--> $.a | array | NULL
--> $.a[0] | integer | 1
--> $.a[1] | object | NULL
--> $.a[1].b | integer | 2
--> $.c | text | x

SELECT fullkey, atom FROM json_tree('{"a": [1, {"b": 2}], "c": "x"}') WHERE atom IS NOT NULL ORDER BY fullkey;
--> fullkey | atom
--> $.a[0] | 1
--> $.a[1].b | 2
--> $.c | x

SELECT count(*) AS none FROM json_each('[]');
--> none
--> 0

SELECT key, value, type FROM json_each('5');
--> key | value | type
--> NULL | 5 | integer

SELECT count(*) FROM json_each(NULL);
--> count(*)
--> 0

SELECT * FROM json_each('{a');
--! malformed JSON

CREATE TABLE orders (id INTEGER PRIMARY KEY, body TEXT);

INSERT INTO orders VALUES (1, '{"client": "ann", "lines": [{"item": "x", "n": 2}, {"item": "y", "n": 1}]}'), (2, '{"client": "bob", "lines": []}'), (3, '{"client": "cyd"}');

SELECT o.id, l.value ->> 'item' AS item, l.value ->> 'n' AS n FROM orders o, json_each(o.body, '$.lines') l ORDER BY o.id, l.key;
--> id | item | n
--> 1 | x | 2
--> 1 | y | 1

SELECT o.id, count(l.key) AS lines, total(l.value ->> 'n') AS n FROM orders o LEFT JOIN json_each(o.body, '$.lines') l GROUP BY o.id ORDER BY o.id;
--> id | lines | n
--> 1 | 2 | 3.0
--> 2 | 0 | 0.0
--> 3 | 0 | 0.0

SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM json_each(orders.body, '$.lines') WHERE json_each.value ->> 'item' = 'y');
--> id
--> 1

SELECT DISTINCT key FROM orders, json_each(orders.body) ORDER BY key;
--> key
--> client
--> lines

SELECT id, (SELECT group_concat(value ->> 'item', '+') FROM json_each(body, '$.lines')) AS items FROM orders ORDER BY id;
--> id | items
--> 1 | x+y
--> 2 | NULL
--> 3 | NULL

SELECT value, count(*) AS n FROM json_each('["b", "a", "b"]') GROUP BY value ORDER BY value;
--> value | n
--> a | 1
--> b | 2

SELECT a.value AS a, b.value AS b FROM json_each('[1, 2]') a, json_each('["x", "y"]') b ORDER BY 1, 2;
--> a | b
--> 1 | x
--> 1 | y
--> 2 | x
--> 2 | y

SELECT group_concat(value, '') AS reversed FROM (SELECT value FROM json_each('["x", "y", "z"]') ORDER BY key DESC);
--> reversed
--> zyx
