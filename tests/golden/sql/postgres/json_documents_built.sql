-- Documents built of joined tables: objects within arrays within objects
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE orders (id INTEGER PRIMARY KEY, client TEXT, day DATE);

CREATE TABLE fills (order_id INTEGER, line INTEGER, price NUMERIC(8,2), quantity INTEGER);

INSERT INTO orders VALUES (1, 'ann', '2024-01-05'), (2, 'bob', NULL), (3, 'cyd', '2024-02-01');

INSERT INTO fills VALUES (1, 1, 10.50, 3), (1, 2, 10.25, 7), (2, 1, 99, 1);

SELECT json_build_object('id', o.id, 'client', o.client, 'fills', json_agg(json_build_object('price', f.price, 'quantity', f.quantity) ORDER BY f.line)) AS doc FROM orders o JOIN fills f ON f.order_id = o.id GROUP BY o.id ORDER BY o.id;
--> doc
--> {"id" : 1, "client" : "ann", "fills" : [{"price" : 10.50, "quantity" : 3}, {"price" : 10.25, "quantity" : 7}]}
--> {"id" : 2, "client" : "bob", "fills" : [{"price" : 99.00, "quantity" : 1}]}
--~> doc
--~> {"id" : 1, "client" : "ann", "fills" : [{"price" : 10.50, "quantity" : 3},
--~>  {"price" : 10.25, "quantity" : 7}]}
--~> {"id" : 2, "client" : "bob", "fills" : [{"price" : 99.00, "quantity" : 1}]}

SELECT o.id, coalesce(json_agg(f.price ORDER BY f.line) FILTER (WHERE f.line IS NOT NULL), '[]') AS prices, json_agg(f.price ORDER BY f.line) AS unfiltered FROM orders o LEFT JOIN fills f ON f.order_id = o.id GROUP BY o.id ORDER BY o.id;
--> id | prices | unfiltered
--> 1 | [10.50, 10.25] | [10.50, 10.25]
--> 2 | [99.00] | [99.00]
--> 3 | [] | [null]

SELECT row_to_json(o) AS doc FROM orders o ORDER BY id;
--> doc
--> {"id":1,"client":"ann","day":"2024-01-05"}
--> {"id":2,"client":"bob","day":null}
--> {"id":3,"client":"cyd","day":"2024-02-01"}

SELECT to_jsonb(o) - 'day' || jsonb_build_object('total', (SELECT sum(price * quantity) FROM fills f WHERE f.order_id = o.id)) AS doc FROM orders o ORDER BY id;
--> doc
--> {"id": 1, "total": 103.25, "client": "ann"}
--> {"id": 2, "total": 99.00, "client": "bob"}
--> {"id": 3, "total": null, "client": "cyd"}

SELECT row_to_json(r) AS doc FROM (SELECT client, (SELECT json_agg(x ORDER BY x.line) FROM (SELECT line, price FROM fills f WHERE f.order_id = o.id) x) AS fills FROM orders o WHERE id <= 2 ORDER BY id) r;
--> doc
--> {"client":"ann","fills":[{"line":1,"price":10.50},
-->  {"line":2,"price":10.25}]}
--> {"client":"bob","fills":[{"line":1,"price":99.00}]}

SELECT json_object_agg(client, id ORDER BY client) AS by_client, jsonb_object_agg(client, day) AS days FROM orders;
--> by_client | days
--> { "ann" : 1, "bob" : 2, "cyd" : 3 } | {"ann": "2024-01-05", "bob": null, "cyd": "2024-02-01"}

SELECT jsonb_agg(o ORDER BY o.id DESC) AS rows FROM (SELECT id, client FROM orders WHERE id > 1) o;
--> rows
--> [{"id": 3, "client": "cyd"}, {"id": 2, "client": "bob"}]

SELECT json_agg(NULL::integer) AS null_element, json_agg(1) FILTER (WHERE false) AS nothing, jsonb_object_agg('a', 1) FILTER (WHERE false) AS no_object;
--> null_element | nothing | no_object
--> [null] | NULL | NULL

SELECT json_object_agg(NULL::text, 1);
--! 22023: field name must not be null

SELECT json_object_agg(k, v) AS twice, jsonb_object_agg(k, v) AS once FROM (VALUES ('a', 1), ('a', 2)) t(k, v);
--> twice | once
--> { "a" : 1, "a" : 2 } | {"a": 2}

SELECT json_build_array(1, 'a', NULL, true, json_build_object()) AS array, json_object('{a,1,b,2}') AS of_texts, json_object('{a,b}', '{1,NULL}') AS of_two, jsonb_object(ARRAY[['a', '1'], ['b', '2']]) AS of_pairs;
--> array | of_texts | of_two | of_pairs
--> [1, "a", null, true, {}] | {"a" : "1", "b" : "2"} | {"a" : "1", "b" : null} | {"a": "1", "b": "2"}

SELECT json_build_object('a');
--! 22023: argument list must have even number of elements

SELECT json_object('{a,b,c}');
--! 2202E: array must have even number of elements

SELECT f.* FROM orders o, json_to_recordset('[{"id": 1, "note": "x"}, {"id": 3}]') AS f(id INTEGER, note TEXT) WHERE f.id = o.id ORDER BY f.id;
--> id | note
--> 1 | x
--> 3 | NULL

SELECT x.id, x.tags FROM jsonb_to_record('{"id": 5, "tags": ["a", "b"], "more": 1}') AS x(id INTEGER, tags JSONB);
--> id | tags
--> 5 | ["a", "b"]

SELECT d ->> 'id' AS id, e ->> 'price' AS price FROM (SELECT '{"id": 1, "fills": [{"price": 2}, {"price": 3}]}'::jsonb AS d) s, jsonb_array_elements(d -> 'fills') AS e ORDER BY 2;
--> id | price
--> 1 | 2
--> 1 | 3
