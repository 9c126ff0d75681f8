-- Aggregates that build JSON and arrays
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (k TEXT, v INTEGER);

INSERT INTO t VALUES ('b', 2), ('a', 1), ('c', NULL);

SELECT json_agg(v ORDER BY k) AS a, jsonb_agg(v ORDER BY k) AS b FROM t;
--> a | b
--> [1, 2, null] | [1, 2, null]

SELECT json_object_agg(k, v ORDER BY k) AS o, jsonb_object_agg(k, v) AS b FROM t;
--> o | b
--> { "a" : 1, "b" : 2, "c" : null } | {"a": 1, "b": 2, "c": null}

SELECT json_agg(t ORDER BY k) AS rows FROM t;
--> rows
--> [{"k":"a","v":1},
-->  {"k":"b","v":2},
-->  {"k":"c","v":null}]

SELECT jsonb_agg(t ORDER BY k) AS rows FROM t WHERE v IS NOT NULL;
--> rows
--> [{"k": "a", "v": 1}, {"k": "b", "v": 2}]

SELECT json_agg(x ORDER BY n) FROM (SELECT v AS n, k AS letter FROM t) AS x;
--> json_agg
--> [{"n":1,"letter":"a"},
-->  {"n":2,"letter":"b"},
-->  {"n":null,"letter":"c"}]

SELECT json_object_agg(NULL, 1);
--! 22023: field name must not be null

SELECT jsonb_object_agg(k, 1) FROM (VALUES ('a'), ('a')) v(k);
--> jsonb_object_agg
--> {"a": 1}

SELECT json_agg(DISTINCT v % 2) FILTER (WHERE v IS NOT NULL) FROM t;
--> json_agg
--> [0, 1]

SELECT jsonb_agg(DISTINCT v ORDER BY v) FROM t;
--> jsonb_agg
--> [1, 2, null]

SELECT array_agg(ROW(k, v) ORDER BY k) FROM t;
--> array_agg
--> {"(a,1)","(b,2)","(c,)"}

SELECT xmlagg(NULL);
--> xmlagg
--> NULL
--~! 42883: function xmlagg(unknown) does not exist

SELECT string_agg(b, '\x00'::bytea ORDER BY b) FROM (VALUES ('\x01'::bytea), ('\x02')) v(b);
--> string_agg
--> \x010002

SELECT range_agg(NULL::int4range);
--> range_agg
--> NULL
--~! 42704: type "int4range" does not exist

SELECT any_value(v) FROM t;
--! 42883: function any_value(integer) does not exist
