-- VARIADIC: arrays in the place of arguments
-- oracle: postgres
-- chapter: functions

SELECT concat('a', VARIADIC ARRAY['b', 'c']) AS c;
--! 42883: function concat(unknown, text[]) does not exist

SELECT concat_ws('-', VARIADIC ARRAY['a', NULL, 'b']) AS w, format('%s and %s', VARIADIC ARRAY['x', 'y']) AS f;
--> w | f
--> a-b | x and y

SELECT num_nulls(VARIADIC ARRAY[1, NULL, NULL]) AS nulls, num_nonnulls(VARIADIC ARRAY['a', NULL]) AS others;
--> nulls | others
--> 2 | 1

SELECT jsonb_extract_path('{"a": {"b": 1}}', VARIADIC ARRAY['a', 'b']) AS p;
--> p
--> 1

SELECT json_build_array(VARIADIC ARRAY[1, 2]) AS a, jsonb_build_object(VARIADIC ARRAY['k', 'v']) AS o;
--> a | o
--> [1, 2] | {"k": "v"}

SELECT concat(VARIADIC x) AS c, concat_ws(',', VARIADIC x) AS w FROM (VALUES (ARRAY['p', 'q'])) AS v(x);
--> c | w
--> pq | p,q

SELECT concat(VARIADIC 'a');
--! 42804: VARIADIC argument must be an array

SELECT concat(VARIADIC 1);
--! 42804: VARIADIC argument must be an array

SELECT upper(VARIADIC ARRAY['a']);
--! 42883: function upper(text[]) does not exist

SELECT concat(VARIADIC ARRAY['a'], 'b');
--! 42601: syntax error at or near ","
--~! 42883: function concat(text[], unknown) does not exist
