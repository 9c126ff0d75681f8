-- JSON functions
-- oracle: sqlite
-- chapter: functions

SELECT json_extract('{"a": [1, {"b": "x"}]}', '$.a[1].b') AS x;
--> x
--> x

SELECT '{"a": 5}' -> 'a' AS j, '{"a": "t"}' ->> 'a' AS t;
--> j | t
--> 5 | t

SELECT json_array(1, 'b', NULL) AS a, json_object('k', 1) AS o;
--> a | o
--> [1,"b",null] | {"k":1}

SELECT json_valid('{"a":1}') AS yes, json_valid('{a') AS no;
--> yes | no
--> 1 | 0

SELECT key, value FROM json_each('[10, 20]') ORDER BY key;
--> key | value
--> 0 | 10
--> 1 | 20

SELECT json_array_length('[1,2,3]') AS n, json_type('{"a":1}', '$.a') AS t;
--> n | t
--> 3 | integer

SELECT json_group_array(x) AS g FROM (SELECT 1 AS x UNION ALL SELECT 2);
--> g
--> [1,2]
