-- Building JSON of values
-- oracle: postgres
-- chapter: functions

SELECT to_json('a "b"'::text) AS t, to_json(5) AS n, to_json(1.50) AS s, to_json(true) AS b, to_json(NULL::text) AS null, to_json(date '2024-01-02') AS d, to_json(timestamp '2024-01-02 03:04') AS ts;
--> t | n | s | b | null | d | ts
--> "a \"b\"" | 5 | 1.50 | true | NULL | "2024-01-02" | "2024-01-02T03:04:00"

SELECT to_jsonb(ARRAY[1, 2]) AS a, to_json(ROW(1, 'x')) AS r, to_jsonb('{"a":1}'::json) AS j, to_json('x'::text) AS x;
--> a | r | j | x
--> [1, 2] | {"f1":1,"f2":"x"} | {"a": 1} | "x"

SELECT json_build_array(1, 'x', NULL, true, '{"a":1}'::json) AS a, json_build_object('a', 1, 2, 'b') AS o, jsonb_build_object('b', 1, 'a', NULL) AS jb, json_build_object() AS none;
--> a | o | jb | none
--> [1, "x", null, true, {"a":1}] | {"a" : 1, "2" : "b"} | {"a": null, "b": 1} | {}

SELECT json_build_object('a');
--! 22023: argument list must have even number of elements

SELECT json_build_object(NULL, 1);
--! 22023: argument 1 cannot be null

SELECT json_object('{a, 1, b, "def"}') AS flat, json_object('{{a, 1}, {b, def}}') AS pairs, json_object('{a,b}', '{1,2}') AS two, jsonb_object('{a,1}') AS b;
--> flat | pairs | two | b
--> {"a" : "1", "b" : "def"} | {"a" : "1", "b" : "def"} | {"a" : "1", "b" : "2"} | {"a": "1"}

SELECT json_object('{a,b,c}');
--! 2202E: array must have even number of elements

SELECT row_to_json(r) AS r FROM (SELECT 1 AS a, 'x' AS b, NULL AS c) AS r;
--> r
--> {"a":1,"b":"x","c":null}

SELECT row_to_json(r, true) AS pretty FROM (SELECT 1 AS a, 2 AS b) AS r;
--> pretty
--> {"a":1,
-->  "b":2}

SELECT array_to_json('{{1,5},{99,100}}'::integer[]) AS a;
--> a
--> [[1,5],[99,100]]

SELECT to_json('infinity'::float8) AS inf, to_json('NaN'::numeric) AS nan;
--> inf | nan
--> "Infinity" | "NaN"
