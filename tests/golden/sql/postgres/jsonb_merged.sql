-- Joining and merging jsonb: objects, arrays, scalars
-- oracle: postgres
-- chapter: functions

SELECT '{"a": 1, "b": 2}'::jsonb || '{"b": 3, "c": 4}' AS right_wins, '{"a": {"x": 1}}'::jsonb || '{"a": {"y": 2}}' AS not_deep;
--> right_wins | not_deep
--> {"a": 1, "b": 3, "c": 4} | {"a": {"y": 2}}

SELECT '[1, 2]'::jsonb || '[3]' AS arrays, '[1]'::jsonb || '2' AS element, '1'::jsonb || '[2]' AS before, '1'::jsonb || '2' AS scalars, '[1]'::jsonb || '{"a": 2}' AS object;
--> arrays | element | before | scalars | object
--> [1, 2, 3] | [1, 2] | [1, 2] | [1, 2] | [1, {"a": 2}]

SELECT '{"a": 1}'::jsonb || '[2]' AS object_first, '{}'::jsonb || '{}' AS empty, '[]'::jsonb || '[]' AS arrays, '{"a": 1}'::jsonb || NULL AS sql_null, '{"a": 1}'::jsonb || 'null' AS json_null;
--> object_first | empty | arrays | sql_null | json_null
--> [{"a": 1}, 2] | {} | [] | NULL | [{"a": 1}, null]

SELECT '{"a": 1}'::jsonb || '2';
--> ?column?
--> [{"a": 1}, 2]

SELECT jsonb_object_agg(coalesce(a.key, b.key), CASE WHEN jsonb_typeof(a.value) = 'object' AND jsonb_typeof(b.value) = 'object' THEN a.value || b.value ELSE coalesce(b.value, a.value) END ORDER BY 1) AS merged
FROM jsonb_each('{"a": {"x": 1}, "b": 1}') a FULL JOIN jsonb_each('{"a": {"y": 2}, "c": 3}') b ON a.key = b.key;
--> merged
--> {"a": {"x": 1, "y": 2}, "b": 1, "c": 3}

SELECT '{"b": 1, "a": 2, "aa": 3, "b": 4}'::jsonb AS ordered, '{"b": 1, "a": 2, "b": 4}'::json AS as_written;
--> ordered | as_written
--> {"a": 2, "b": 4, "aa": 3} | {"b": 1, "a": 2, "b": 4}

SELECT jsonb_strip_nulls('{"a": null, "b": {"c": null, "d": 1}, "e": [null]}') AS stripped, jsonb_pretty('{"a": [1, {"b": null}], "c": {}}') AS pretty;
--> stripped | pretty
--> {"b": {"d": 1}, "e": [null]} | {
-->     "a": [
-->         1,
-->         {
-->             "b": null
-->         }
-->     ],
-->     "c": {
-->     }
--> }

SELECT key FROM jsonb_each('{"a": 1, "b": 2}') EXCEPT SELECT key FROM jsonb_each('{"a": 1, "b": 3}');
--> key

SELECT n.key, o.value AS before, n.value AS after FROM jsonb_each('{"a": 1, "b": 2, "c": 3}') o FULL JOIN jsonb_each('{"a": 1, "b": 5, "d": 4}') n USING (key) WHERE o.value IS DISTINCT FROM n.value ORDER BY key;
--> key | before | after
--> b | 2 | 5
--> d | NULL | 4
--> NULL | 3 | NULL

SELECT jsonb_object_keys('{"b": 1, "a": 2}') AS key;
--> key
--> a
--> b

SELECT (SELECT jsonb_agg(DISTINCT e ORDER BY e) FROM jsonb_array_elements('[3, 1, 3, "a"]'::jsonb || '[1, 2]') AS e) AS union_of_arrays;
--> union_of_arrays
--> ["a", 1, 2, 3]

SELECT jsonb_agg(e ORDER BY n DESC) AS reversed FROM jsonb_array_elements('[1, 2, 3]') WITH ORDINALITY AS t(e, n);
--> reversed
--> [3, 2, 1]

SELECT jsonb_agg(e) FILTER (WHERE e::integer > 1) AS filtered, jsonb_agg(e::integer * 2 ORDER BY e) AS mapped, sum(e::integer) AS reduced FROM jsonb_array_elements('[1, 2, 3]') AS e;
--> filtered | mapped | reduced
--> [2, 3] | [2, 4, 6] | 6

SELECT jsonb_object_agg(key, value::integer + 1) AS incremented FROM jsonb_each('{"a": 1, "b": 2}');
--> incremented
--> {"a": 2, "b": 3}

SELECT jsonb_array_length('[1, [2, 3]]') AS length, (SELECT count(*) FROM jsonb_object_keys('{"a": 1, "b": 2}')) AS keys;
--> length | keys
--> 2 | 2

SELECT jsonb_array_length('{"a": 1}');
--! 22023: cannot get array length of a non-array
