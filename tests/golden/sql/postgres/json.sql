-- JSON operators and functions
-- oracle: postgres
-- chapter: functions

SELECT '{"a": {"b": [1, 2]}}'::jsonb -> 'a' -> 'b' AS j, '{"a": "x"}'::jsonb ->> 'a' AS t;
--> j | t
--> [1, 2] | x

SELECT '{"b": 1, "a": 2, "b": 3}'::jsonb AS sorted, '{"b":1,"b":2}'::json AS kept;
--> sorted | kept
--> {"a": 2, "b": 3} | {"b":1,"b":2}

SELECT '{"a": [1, 2]}'::jsonb #> '{a,1}' AS p, '{"a": [1, 2]}'::jsonb #>> '{a,0}' AS t;
--> p | t
--> 2 | 1

SELECT '{"a": 1, "b": 2}'::jsonb @> '{"a": 1}' AS contains, '{"a": 1}'::jsonb ? 'a' AS has;
--> contains | has
--> t | t

SELECT jsonb_build_object('a', 1, 'b', ARRAY[1, 2]) AS o, jsonb_build_array(1, 'x', NULL) AS a;
--> o | a
--> {"a": 1, "b": [1, 2]} | [1, "x", null]

SELECT jsonb_set('{"a": 1}'::jsonb, '{b}', '2') AS s, '{"a": 1}'::jsonb || '{"b": 2}'::jsonb AS m, '{"a": 1, "b": 2}'::jsonb - 'a' AS r;
--> s | m | r
--> {"a": 1, "b": 2} | {"a": 1, "b": 2} | {"b": 2}

SELECT jsonb_array_length('[1, 2, 3]') AS n, jsonb_typeof('[]') AS t;
--> n | t
--> 3 | array

SELECT * FROM jsonb_each_text('{"a": 1, "b": "x"}');
--> key | value
--> a | 1
--> b | x

SELECT jsonb_agg(x ORDER BY x) AS g FROM (VALUES (2), (1)) AS v(x);
--> g
--> [1, 2]

SELECT 'not json'::jsonb;
--! 22P02: invalid input syntax for type json
