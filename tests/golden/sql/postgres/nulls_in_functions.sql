-- Which functions and operators give NULL for NULL, and which do not
-- oracle: postgres
-- chapter: expressions

SELECT NULL + 1 AS sum, NULL || 'a' AS joined, upper(NULL) AS upper, NULL = NULL AS equal, NOT NULL::boolean AS negated, -NULL::integer AS minus;
--> sum | joined | upper | equal | negated | minus
--> NULL | NULL | NULL | NULL | NULL | NULL

SELECT concat('a', NULL) AS concat, concat_ws(',', 'a', NULL, 'b') AS ws, format('%s', NULL) AS format, quote_nullable(NULL) AS nullable, quote_literal(NULL) AS literal, coalesce(NULL, 'x') AS coalesced;
--> concat | ws | format | nullable | literal | coalesced
--> a | a,b |  | NULL | NULL | x

SELECT greatest(1, NULL, 3) AS g, least(NULL, NULL) AS l, nullif(NULL, 1) AS nullif, num_nulls(NULL, 1, NULL) AS nulls;
--> g | l | nullif | nulls
--> 3 | NULL | NULL | 2

SELECT true OR NULL AS a, false AND NULL AS b, true AND NULL AS c, false OR NULL AS d, NULL IS TRUE AS e, NULL IS NOT FALSE AS f, (NULL = 1) IS UNKNOWN AS g;
--> a | b | c | d | e | f | g
--> t | f | NULL | NULL | f | t | t

SELECT NULL IN (1, 2) AS a, 1 IN (1, NULL) AS b, 2 IN (1, NULL) AS c, 2 NOT IN (1, NULL) AS d, NULL BETWEEN 1 AND 2 AS e, 5 BETWEEN NULL AND 2 AS f, 1 BETWEEN NULL AND 2 AS g;
--> a | b | c | d | e | f | g
--> NULL | t | NULL | NULL | NULL | f | NULL

SELECT CASE NULL WHEN NULL THEN 'same' ELSE 'not' END AS simple, CASE WHEN NULL THEN 1 ELSE 2 END AS condition, CASE WHEN NULL IS NULL THEN 'null' END AS asked;
--> simple | condition | asked
--> not | 2 | null

SELECT count(NULL) AS count, sum(NULL::integer) AS sum, count(*) AS rows, array_agg(NULL::integer) AS array, string_agg(NULL::text, ',') AS texts, bool_and(NULL::boolean) AS every, json_agg(NULL::text) AS json;
--> count | sum | rows | array | texts | every | json
--> 0 | NULL | 1 | {NULL} | NULL | NULL | [null]

SELECT ARRAY[1, NULL] AS array, NULL = ANY (ARRAY[1]) AS any, 1 = ANY (NULL::integer[]) AS of_null, ARRAY[NULL] = ARRAY[NULL] AS arrays_equal, array_length(NULL::integer[], 1) AS length, NULL::integer[] || 1 AS appended;
--> array | any | of_null | arrays_equal | length | appended
--> {1,NULL} | NULL | NULL | t | NULL | {1}

SELECT ROW(NULL, NULL) IS NULL AS all_null, ROW(1, NULL) IS NULL AS some, ROW(1, NULL) IS NOT NULL AS not_some, ROW(NULL, 1) = ROW(NULL, 1) AS equal, ROW(NULL, 1) IS NOT DISTINCT FROM ROW(NULL, 1) AS same;
--> all_null | some | not_some | equal | same
--> t | f | f | NULL | t

SELECT substring(NULL FROM 1) AS s, length(NULL) AS l, position(NULL IN 'a') AS p, replace('a', NULL, 'b') AS r, split_part('a', NULL, 1) AS sp, lpad('a', NULL) AS lpad, 'a' LIKE NULL AS like, 'a' ~ NULL AS regex;
--> s | l | p | r | sp | lpad | like | regex
--> NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL

SELECT date '2024-01-01' + NULL::integer AS d, extract(year FROM NULL::date) AS e, age(NULL::timestamp) AS a, date_trunc('day', NULL::timestamp) AS t, make_date(2024, NULL, 1) AS m, NULL::timestamp - NULL::timestamp AS i;
--> d | e | a | t | m | i
--> NULL | NULL | NULL | NULL | NULL | NULL

SELECT jsonb_build_object('a', NULL) AS object, to_jsonb(NULL::text) AS to_jsonb, NULL::jsonb -> 'a' AS arrow, jsonb_build_array(NULL) AS array, '{"a": null}'::jsonb ->> 'a' AS text, row_to_json(ROW(NULL)) AS row;
--> object | to_jsonb | arrow | array | text | row
--> {"a": null} | NULL | NULL | [null] | NULL | {"f1":null}

SELECT (SELECT 1 WHERE false) AS scalar, EXISTS (SELECT NULL) AS exists, (SELECT NULL) IS NULL AS null_row, ARRAY(SELECT 1 WHERE false) AS array;
--> scalar | exists | null_row | array
--> NULL | t | t | {}

SELECT x, x <> 1 AS unequal, x IS DISTINCT FROM 1 AS distinct_from FROM (VALUES (1), (2), (NULL)) v(x) ORDER BY x;
--> x | unequal | distinct_from
--> 1 | f | f
--> 2 | t | t
--> NULL | NULL | t

SELECT NULL::integer AS typed, pg_typeof(NULL) AS unknown, pg_typeof(coalesce(NULL, NULL)) AS text, pg_typeof(NULL::integer + NULL) AS sum;
--> typed | unknown | text | sum
--> NULL | unknown | text | integer

SELECT x FROM (VALUES (1), (NULL), (0)) v(x) WHERE NOT (x > 0) ORDER BY x;
--> x
--> 0
