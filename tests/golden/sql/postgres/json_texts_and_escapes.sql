-- Texts within JSON: escapes, surrogates, control characters
-- oracle: postgres
-- chapter: types

SELECT '"a\"b\\c\/d"'::json ->> 0 AS not_array, '["a\"b\\c\/d"]'::json ->> 0 AS unescaped, '["a\"b\\c\/d"]'::jsonb AS jsonb;
--> not_array | unescaped | jsonb
--> NULL | a"b\c/d | ["a\"b\\c/d"]

SELECT '["\u00e9\u20ac"]'::json ->> 0 AS bmp, '["\ud83d\udc4d"]'::json ->> 0 AS pair, '["\u00e9"]'::json AS as_written, '["\u00e9"]'::jsonb AS converted;
--> bmp | pair | as_written | converted
--> é€ | 👍 | ["\u00e9"] | ["é"]

SELECT '["\ud83d"]'::jsonb;
--! 22P02: invalid input syntax for type json

SELECT '["\u0000"]'::jsonb;
--! 22P05: unsupported Unicode escape sequence

SELECT '["\u0000"]'::json AS taken_as_json;
--> taken_as_json
--> ["\u0000"]
--~! 22P05: unsupported Unicode escape sequence

SELECT '["\x41"]'::json;
--! 22P02: invalid input syntax for type json

SELECT E'["a\tb"]'::json;
--! 22P02: invalid input syntax for type json

SELECT '["a\tb\nc"]'::json ->> 0 AS control, length('["a\tb\nc"]'::json ->> 0) AS length;
--> control | length
--> a	b
--> c | 5

SELECT to_json(E'tab\there "q" \\ é / </x>'::text) AS quoted, to_json(''::text) AS empty, to_jsonb(E'\x01'::text) AS control;
--> quoted | empty | control
--> "tab\there \"q\" \\ é / </x>" | "" | "\u0001"

SELECT json_build_object('k"ey', 'v\al', 'n', NULL, 'b', true, 'd', date '2024-01-05', 't', timestamp '2024-01-05 10:00', 'a', ARRAY[1, 2]) AS built;
--> built
--> {"k\"ey" : "v\\al", "n" : null, "b" : true, "d" : "2024-01-05", "t" : "2024-01-05T10:00:00", "a" : [1,2]}

SELECT to_json(1.50) AS numeric, to_json('NaN'::float8) AS nan, to_json(1e20::float8) AS big, to_json(interval '1 day') AS interval, to_json('\x01'::bytea) AS bytes;
--> numeric | nan | big | interval | bytes
--> 1.50 | "NaN" | 1e+20 | "1 day" | "\\x01"

SELECT '{"a" : 1 , "a" : 2}'::json -> 'a' AS last_of_twice, '{"a" : 1 , "a" : 2}'::json AS kept, '{"a" : 1 , "a" : 2}'::jsonb AS once;
--> last_of_twice | kept | once
--> 2 | {"a" : 1 , "a" : 2} | {"a": 2}

SELECT '{a: 1}'::json;
--! 22P02: invalid input syntax for type json

SELECT '{"a": 01}'::json;
--! 22P02: invalid input syntax for type json

SELECT '[1,]'::json;
--! 22P02: invalid input syntax for type json

SELECT '{"a": .5}'::json;
--! 22P02: invalid input syntax for type json

SELECT ''::json;
--! 22P02: invalid input syntax for type json

SELECT '  [1, 2 ]  '::json AS spaces, ' true '::jsonb AS scalar, '"x" '::jsonb AS text;
--> spaces | scalar | text
-->   [1, 2 ]   | true | "x"

SELECT '[1] 2'::json;
--! 22P02: invalid input syntax for type json

SELECT 'NaN'::jsonb;
--! 22P02: invalid input syntax for type json
