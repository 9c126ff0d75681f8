-- How jsonb values are compared and ordered
-- oracle: postgres
-- chapter: types

SELECT x FROM (VALUES ('{}'::jsonb), ('[]'), ('1'), ('"a"'), ('true'), ('false'), ('null'), ('[1]'), ('{"a": 1}'), (NULL)) v(x) ORDER BY x;
--> x
--> []
--> null
--> "a"
--> 1
--> false
--> true
--> [1]
--> {}
--> {"a": 1}
--> NULL

SELECT '1'::jsonb = '1.0' AS numbers, '"a"'::jsonb = '"A"' AS texts, '{"a": 1, "b": 2}'::jsonb = '{"b": 2, "a": 1}' AS key_order, '[1, 2]'::jsonb = '[2, 1]' AS array_order;
--> numbers | texts | key_order | array_order
--> t | f | t | f

SELECT '2'::jsonb < '10' AS numbers, '"2"'::jsonb < '"10"' AS texts, '"b"'::jsonb < '"aa"' AS longer, '10'::jsonb < '"2"' AS mixed;
--> numbers | texts | longer | mixed
--> t | f | f | f

SELECT '[1, 2, 3]'::jsonb > '[4]' AS longer_array, '[1, 2]'::jsonb < '[1, 3]' AS elements, '{"a": 1}'::jsonb < '{"b": 0}' AS keys, '{"a": 1, "b": 1}'::jsonb > '{"z": 1}' AS more_pairs;
--> longer_array | elements | keys | more_pairs
--> t | t | t | t

SELECT count(DISTINCT x) AS distinct FROM (VALUES ('1'::jsonb), ('1.0'), ('1.00'), ('"1"')) v(x);
--> distinct
--> 2

SELECT x, count(*) FROM (VALUES ('{"a": 1}'::jsonb), ('{"a": 1.0}'), ('{"a": 2}')) v(x) GROUP BY x ORDER BY x;
--> x | count
--> {"a": 1} | 2
--> {"a": 2} | 1

SELECT '1.50'::jsonb AS digits_kept, '1e2'::jsonb AS exponent, '-0'::jsonb AS zero, '12345678901234567890.123456789'::jsonb AS exact, '1.50'::json AS as_written;
--> digits_kept | exponent | zero | exact | as_written
--> 1.50 | 100 | 0 | 12345678901234567890.123456789 | 1.50

SELECT ('{"a": 2}'::jsonb -> 'a')::integer > 1 AS cast, '{"a": 2}'::jsonb -> 'a' > '1' AS as_jsonb, ('{"a": "2"}'::jsonb ->> 'a')::integer > 1 AS by_text;
--> cast | as_jsonb | by_text
--> t | t | t

SELECT ('{"a": "2"}'::jsonb -> 'a')::integer;
--! 22023: cannot cast jsonb string to type integer

SELECT ('true'::jsonb)::boolean AS b, ('1.5'::jsonb)::numeric AS n, ('1.5'::jsonb)::integer AS rounded, ('null'::jsonb) IS NULL AS json_null, ('null'::jsonb)::integer;
--! 22023: cannot cast jsonb null to type integer

SELECT 'null'::jsonb IS NULL AS is_null, '{"a": null}'::jsonb -> 'a' IS NULL AS value, '{"a": null}'::jsonb ->> 'a' IS NULL AS as_text, to_jsonb(NULL::integer) IS NULL AS of_null;
--> is_null | value | as_text | of_null
--> f | f | t | t

CREATE TABLE u (body JSONB UNIQUE);
--~! 0A000: unique keys of type jsonb are not supported

INSERT INTO u VALUES ('{"a": 1, "b": 2}');
--~! 42P01: relation "u" does not exist

INSERT INTO u VALUES ('{"b": 2, "a": 1.0}');
--! 23505: duplicate key value violates unique constraint "u_body_key"
--~! 42P01: relation "u" does not exist

SELECT max(x::text) AS texts FROM (VALUES ('9'::jsonb), ('10')) v(x);
--> texts
--> 9

SELECT '{"a": 1}'::json = '{"a": 1}'::json;
--! 42883: operator does not exist: json = json
