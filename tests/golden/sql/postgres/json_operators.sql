-- -> and ->> and paths
-- oracle: postgres
-- chapter: functions

SELECT '[{"a":"foo"},{"b":"bar"}]'::json -> 1 AS element, '[1,2,3]'::json -> -1 AS last, '{"a": {"b":"foo"}}'::json -> 'a' AS field, '[1,2]'::json -> 5 AS none;
--> element | last | field | none
--> {"b":"bar"} | 3 | {"b":"foo"} | NULL

SELECT '[1,2,3]'::json ->> 2 AS text, '{"a":1,"b":null}'::json ->> 'b' AS null, '{"a":"x"}'::jsonb ->> 'a' AS unquoted, '{"a":[1, 2]}'::jsonb ->> 'a' AS structure;
--> text | null | unquoted | structure
--> 3 | NULL | x | [1, 2]

SELECT '{"a": {"b": ["foo","bar"]}}'::json #> '{a,b,1}' AS path, '{"a": {"b": ["foo","bar"]}}'::json #>> '{a,b,1}' AS text, '{"a":1}'::json #> '{x,y}' AS none;
--> path | text | none
--> "bar" | bar | NULL

SELECT '{"a": 1}'::json -> 0 AS by_number, '[1]'::json -> 'a' AS by_name, '"x"'::jsonb -> 0 AS scalar;
--> by_number | by_name | scalar
--> NULL | NULL | "x"

SELECT '{"a":1, "b":2}'::jsonb @> '{"b":2}' AS contains, '{"b":2}'::jsonb <@ '{"a":1, "b":2}' AS contained, '[1,2,3]'::jsonb @> '[3,1]' AS order, '["a"]'::jsonb @> '"a"' AS element;
--> contains | contained | order | element
--> t | t | t | t

SELECT '{"a":1}'::jsonb ? 'a' AS key, '["a","b"]'::jsonb ? 'b' AS element, '{"a":1}'::jsonb ?| ARRAY['x', 'a'] AS any, '{"a":1}'::jsonb ?& ARRAY['x', 'a'] AS every;
--> key | element | any | every
--> t | t | t | f

SELECT '["a", "b"]'::jsonb || '["c"]' AS arrays, '{"a": 1}'::jsonb || '{"a": 2}' AS objects, '[1]'::jsonb || '2' AS element, '1'::jsonb || '2' AS scalars, '{"a":1}'::jsonb || '[2]' AS mixed;
--> arrays | objects | element | scalars | mixed
--> ["a", "b", "c"] | {"a": 2} | [1, 2] | [1, 2] | [{"a": 1}, 2]

SELECT '{"a":1,"b":2}'::jsonb - 'a' AS key, '["a","b"]'::jsonb - 'b' AS element, '["a","b"]'::jsonb - 1 AS place, '{"a":1,"b":2,"c":3}'::jsonb - '{a,b}'::text[] AS keys, '{"a":{"b":1}}'::jsonb #- '{a,b}' AS path;
--> key | element | place | keys | path
--> {"b": 2} | ["a"] | ["a"] | {"c": 3} | {"a": {}}

SELECT '{"a":1}'::jsonb - 1;
--! 22023: cannot delete from object using integer index

SELECT '{"a":1}'::json @> '{}';
--! 42883: operator does not exist: json @> unknown

SELECT '{"a":1}' -> 'a';
--! 42725: operator is not unique: unknown -> unknown
