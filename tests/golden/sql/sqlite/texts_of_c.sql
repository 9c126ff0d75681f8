-- Texts that printf and quote take end at a NUL; what nothing was written to is NULL
-- oracle: sqlite
-- chapter: functions

SELECT quote(printf('')), quote(printf(x'00')), quote(printf('%1.5')), quote(printf('%')), quote(printf('a%1')), quote(printf('%l')), quote(printf('%%')), quote(printf('%n')), quote(format('%s', ''));
--> quote(printf('')) | quote(printf(x'00')) | quote(printf('%1.5')) | quote(printf('%')) | quote(printf('a%1')) | quote(printf('%l')) | quote(printf('%%')) | quote(printf('%n')) | quote(format('%s', ''))
--> NULL | NULL | NULL | '%' | 'a' | NULL | '%' | '' | ''

SELECT quote(printf(x'6100')), quote(char(97, 0, 98)), quote(quote(char(97, 0, 98))), length(quote(char(39, 0)));
--> quote(printf(x'6100')) | quote(char(97, 0, 98)) | quote(quote(char(97, 0, 98))) | length(quote(char(39, 0)))
--> 'a' | 'a' | '''a''' | 4

SELECT iif(0, 'a', NULL, 'b', 'c'), iif(0, 'a', 1, 'b', 'c'), iif(0, 'a', 0, 'b'), if(2 > 1, 'a'), iif((SELECT 1 LIMIT 0), 'x', json_valid(NULL), 'y', 'z');
--> iif(0, 'a', NULL, 'b', 'c') | iif(0, 'a', 1, 'b', 'c') | iif(0, 'a', 0, 'b') | if(2 > 1, 'a') | iif((SELECT 1 LIMIT 0), 'x', json_valid(NULL), 'y', 'z')
--> c | b | NULL | a | z

SELECT min(0, 0.0), min(0.0, 0), max(0, 0.0), max(0.0, 0), json_array_insert('[1,2]', '$', 3);
--> min(0, 0.0) | min(0.0, 0) | max(0, 0.0) | max(0.0, 0) | json_array_insert('[1,2]', '$', 3)
--> 0.0 | 0 | 0 | 0.0 | [1,2]

SELECT date(1e9, 'localtime'), datetime(1e9, 'utc'), datetime(-1e9, 'utc'), date(1e9), julianday(1e12, 'utc');
--> date(1e9, 'localtime') | datetime(1e9, 'utc') | datetime(-1e9, 'utc') | date(1e9) | julianday(1e12, 'utc')
--> 2000-01-01 | -4713-11-24 12:00:00 | -4713-11-24 12:00:00 | NULL | 0.0

SELECT path, fullkey, key FROM json_each('{"b": 1}', '$.b') UNION ALL SELECT path, fullkey, key FROM json_tree('{"b": 1}', '$.b');
--> path | fullkey | key
--> $.b | $.b | NULL
--> $ | $.b | b

WITH t(a) AS (VALUES (1), (2)) SELECT a FROM t ORDER BY (2147483648), a DESC;
--> a
--> 2
--> 1

WITH t(a) AS (VALUES (1), (2)) SELECT a FROM t ORDER BY (1_000);
--! 1st ORDER BY term out of range - should be between 1 and 1

WITH t(a, b) AS (VALUES (x'6100', 1)) SELECT substr(CAST(a AS TEXT), 1) = 'a', json_group_object(CAST(a AS TEXT), b), printf('%3c|', 'é'), 1 IS NOT glob('a', 'b') FROM t;
--> substr(CAST(a AS TEXT), 1) = 'a' | json_group_object(CAST(a AS TEXT), b) | printf('%3c|', 'é') | 1 IS NOT glob('a', 'b')
--> 1 | {"a":1} |   é| | 1

WITH t(a) AS (VALUES (9223372036854775807), (-9223372036854775807), (3), (4)) SELECT a, count(*) OVER (ORDER BY a RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW), count(*) OVER (ORDER BY a DESC RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW), count(*) OVER (ORDER BY a RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM t ORDER BY a;
--> a | count(*) OVER (ORDER BY a RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) | count(*) OVER (ORDER BY a DESC RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) | count(*) OVER (ORDER BY a RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING)
--> -9223372036854775807 | 1 | 1 | 0
--> 3 | 1 | 2 | 0
--> 4 | 2 | 1 | 1
--> 9223372036854775807 | 1 | 1 | 0
