-- Paths of SQL/JSON: lax and strict, predicates, methods, errors
-- oracle: postgres
-- chapter: functions

SELECT jsonb_path_query_array('{"a": {"b": [1, 2, 3]}}', '$.a.b[0, 2]') AS two, jsonb_path_query_array('{"a": [1, 2, 3, 4]}', '$.a[1 to last]') AS rest, jsonb_path_query_array('[1, 2, 3]', '$[last - 1]') AS before_last;
--> two | rest | before_last
--> [1, 3] | [2, 3, 4] | [2]

SELECT jsonb_path_query_array('{"a": 5}', '$.a[0]') AS wrapped, jsonb_path_query_array('[{"x": 1}, {"x": 2}]', '$.x') AS unwrapped, jsonb_path_query_array('{"a": 1, "b": 2}', '$.*') AS all_keys;
--> wrapped | unwrapped | all_keys
--> [5] | [1, 2] | [1, 2]

SELECT jsonb_path_query('[1]', 'strict $.x');
--! 2203A: jsonpath member accessor can only be applied to an object

SELECT jsonb_path_query('{"a": 1}', 'strict $[0]');
--! 22039: jsonpath array accessor can only be applied to an array

SELECT jsonb_path_query('[1]', 'strict $[5]');
--! 22033: jsonpath array subscript is out of bounds

SELECT jsonb_path_query_array('[1]', 'lax $[5]') AS none, jsonb_path_query_first('[]', '$[*]') AS first;
--> none | first
--> [] | NULL

SELECT jsonb_path_query_array('{"a": 1}', 'strict $.b', '{}', true) AS silent;
--> silent
--> []

SELECT jsonb_path_query('[1, 2]', '$ + 1');
--! 22038: left operand of jsonpath operator + is not a single numeric value

SELECT jsonb_path_query('{"a": 7, "b": 2}', '$.a + $.b * 10') AS sum, jsonb_path_query('7', '$ % 4') AS rest, jsonb_path_query('[1, 2]', '-$[*]') AS negated;
--> sum | rest | negated
--> 27 | 3 | -1
--> NULL | NULL | -2

SELECT jsonb_path_query('1', '$ / 0');
--! 22012: division by zero

SELECT jsonb_path_exists('{"a": [1, 5]}', '$.a[*] ? (@ > 4)') AS yes, jsonb_path_exists('{"a": [1, 5]}', '$.a[*] ? (@ > 9)') AS no, jsonb_path_match('{"a": [1, 5]}', 'exists($.a[*] ? (@ > 4))') AS match;
--> yes | no | match
--> t | f | t

SELECT jsonb_path_match('{"a": 1}', '$.a');
--! 22038: single boolean result is expected

SELECT jsonb_path_query_array('[{"n": "abc"}, {"n": "xyz"}, {"n": 1}]', '$[*] ? (@.n starts with "a")') AS starts, jsonb_path_query_array('["ABC", "b"]', '$[*] ? (@ like_regex "^a" flag "i")') AS regex;
--> starts | regex
--> [{"n": "abc"}] | ["ABC"]

SELECT jsonb_path_query_array('[1, "a", null]', '$[*] ? ((@ > 0) is unknown)') AS unknown, jsonb_path_query_array('[1, null]', '$[*] ? (@ == null)') AS nulls, jsonb_path_query_array('[1, 2, 3]', '$[*] ? (!(@ == 2))') AS others;
--> unknown | nulls | others
--> ["a"] | [null] | [1, 3]

SELECT jsonb_path_query_array('[1, 2, 3, 4]', '$[*] ? (@ > 1 && @ < 4 || @ == 1)') AS several;
--> several
--> [1, 2, 3]

SELECT jsonb_path_query_array('{"a": {"b": {"c": 1}}}', '$.**{2}') AS second, jsonb_path_query_array('{"a": {"b": 1}}', '$.**{last}') AS leaves;
--> second | leaves
--> [{"c": 1}] | [1]

SELECT jsonb_path_query('"1.5"', '$.double()') AS number, jsonb_path_query('-1.5', '$.floor()') AS floor, jsonb_path_query('{"a": 1}', '$.keyvalue().key') AS key, jsonb_path_query('[1, 2]', '$.size()') AS size;
--> number | floor | key | size
--> 1.5 | -2 | "a" | 2

SELECT jsonb_path_query('"x"', '$.double()');
--! 22036: string argument of jsonpath item method .double() is not a valid representation of a double precision number

SELECT jsonb_path_query('"x"', '$.abs()');
--! 22036: jsonpath item method .abs() can only be applied to a numeric value

SELECT jsonb_path_query('{"a": 1}', '$.a ? (@ > $low)', '{"low": 0}') AS found;
--> found
--> 1

SELECT jsonb_path_query('{"a": 1}', '$.a ? (@ > $low)');
--! 42704: could not find jsonpath variable "low"

SELECT jsonb_path_query('1', '$', '[]');
--! 22023: "vars" argument is not an object

SELECT jsonb_path_query('1', '$[');
--! 42601: syntax error at end of jsonpath input

SELECT jsonb_path_query('1', '');
--! 22P02: invalid input syntax for type jsonpath: ""

SELECT jsonb_path_query('1', '@');
--! 42601: @ is not allowed in root expressions

SELECT '{"a": {"b": 3}}'::jsonb @? '$.a.b ? (@ == 3)' AS exists, '{"a": 1}'::jsonb @@ '$.a > 1' AS no, '{"a": 1}'::jsonb @@ '$.a' AS null;
--> exists | no | null
--> t | f | NULL
