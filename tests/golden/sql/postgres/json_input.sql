-- What is JSON, and how jsonb keeps it
-- oracle: postgres
-- chapter: functions

SELECT '{"bar": "baz", "balance": 7.77, "active":false}'::json AS json, '{"bar": "baz", "balance": 7.77, "active":false}'::jsonb AS jsonb;
--> json | jsonb
--> {"bar": "baz", "balance": 7.77, "active":false} | {"bar": "baz", "active": false, "balance": 7.77}

SELECT '{"reading": 1.230e-5}'::json AS j, '{"reading": 1.230e-5}'::jsonb AS b, '1e3'::jsonb AS e, '100000000000000000000'::jsonb AS big, '-0'::jsonb AS zero;
--> j | b | e | big | zero
--> {"reading": 1.230e-5} | {"reading": 0.00001230} | 1000 | 100000000000000000000 | 0

SELECT '{"b":1, "aa":2, "a":3}'::jsonb AS shorter_first, '{"a":1,"a":2}'::jsonb AS last_wins, '{"a":1,"a":2}'::json AS both;
--> shorter_first | last_wins | both
--> {"a": 3, "b": 1, "aa": 2} | {"a": 2} | {"a":1,"a":2}

SELECT '"\u00e9\n\t\""'::jsonb AS j, '"\u00e9"'::json AS kept, '"\u00e9"'::jsonb ->> 0 AS n;
--> j | kept | n
--> "é\n\t\"" | "\u00e9" | é

SELECT '{"a":}'::json;
--! 22P02: invalid input syntax for type json

SELECT '{a:1}'::jsonb;
--! 22P02: invalid input syntax for type json

SELECT '[1,]'::jsonb;
--! 22P02: invalid input syntax for type json

SELECT ''::json;
--! 22P02: invalid input syntax for type json

SELECT '"\u0000"'::jsonb;
--! 22P05: unsupported Unicode escape sequence

SELECT 'nan'::jsonb;
--! 22P02: invalid input syntax for type json

SELECT 'null'::jsonb IS NULL AS sql_null, 'null'::jsonb = 'null' AS equal, NULL::jsonb AS n, ' true '::jsonb AS t;
--> sql_null | equal | n | t
--> f | t | NULL | true

SELECT x FROM (VALUES ('1'::jsonb), ('"a"'), ('[1]'), ('{}'), ('null'), ('true'), ('[]')) v(x) ORDER BY x;
--> x
--> []
--> null
--> "a"
--> 1
--> true
--> [1]
--> {}

SELECT '{"a":1.0}'::jsonb = '{"a":1}'::jsonb AS equal, '{"a":1.0}'::jsonb::text AS keeps_scale;
--> equal | keeps_scale
--> t | {"a": 1.0}
