-- Arrays as texts: quotes, escapes, NULLs and what is malformed
-- oracle: postgres
-- chapter: types

SELECT ARRAY['a b', 'c,d', 'e"f', 'g\h', '{}', '', 'NULL', NULL] AS quoted;
--> quoted
--> {"a b","c,d","e\"f","g\\h","{}","","NULL",NULL}

SELECT '{a b, "c,d", "e\"f", "", NULL, "NULL", null}'::text[] AS read, ('{a b, "c,d"}'::text[])[1] AS first;
--> read | first
--> {"a b","c,d","e\"f","",NULL,"NULL",NULL} | a b

SELECT '{ 1 , 2 }'::integer[] AS spaces, '{" x ", y }'::text[] AS kept_in_quotes, '{a\,b,c}'::text[] AS escaped;
--> spaces | kept_in_quotes | escaped
--> {1,2} | {" x ",y} | {"a,b",c}

SELECT '{1,2'::integer[];
--! 22P02: malformed array literal: "{1,2"

SELECT '1,2'::integer[];
--! 22P02: malformed array literal: "1,2"

SELECT '{1,,2}'::text[];
--! 22P02: malformed array literal: "{1,,2}"

SELECT '{"a}'::text[];
--! 22P02: malformed array literal: "{"a}"

SELECT '{1,x}'::integer[];
--! 22P02: invalid input syntax for type integer: "x"

SELECT '{}'::text[] AS empty, '{{}}'::text[];
--! 22P02: malformed array literal: "{{}}"

SELECT ARRAY[true, false]::text AS booleans, ARRAY[1.50, 2]::text AS numerics, ARRAY[date '2024-01-05']::text AS dates, ARRAY[timestamp '2024-01-05 10:00']::text AS timestamps, ARRAY['\x01'::bytea]::text AS bytes;
--> booleans | numerics | dates | timestamps | bytes
--> {t,f} | {1.50,2} | {2024-01-05} | {"2024-01-05 10:00:00"} | {"\\x01"}

SELECT '{t,f,yes}'::boolean[] AS booleans, '{2024-01-05,infinity}'::date[] AS dates, '{1e3,NaN}'::float8[] AS floats, '{"1 day","2 hours"}'::interval[] AS intervals;
--> booleans | dates | floats | intervals
--> {t,f,t} | {2024-01-05,infinity} | {1000,NaN} | {"1 day",02:00:00}

SELECT ARRAY[1, 2]::text[] AS texts, ARRAY['1', '2']::integer[] AS integers, ARRAY[1.5, 2.5]::integer[] AS rounded, ARRAY[1, 2]::varchar(1)[] AS lengths;
--> texts | integers | rounded | lengths
--> {1,2} | {1,2} | {2,3} | {1,2}

SELECT ARRAY['a']::integer[];
--! 22P02: invalid input syntax for type integer: "a"

SELECT ARRAY[1, 'x'];
--! 22P02: invalid input syntax for type integer: "x"

SELECT ARRAY[1, '2', 3.5] AS common, pg_typeof(ARRAY[1, '2', 3.5]) AS type, ARRAY[NULL, 'a'] AS nulls, ARRAY[1::bigint, 2] AS bigint;
--> common | type | nulls | bigint
--> {1,2,3.5} | numeric[] | {NULL,a} | {1,2}

SELECT ARRAY[];
--! 42P18: cannot determine type of empty array

SELECT array_to_json(ARRAY[[1, 2], [3, 4]]) AS json, to_json(ARRAY['a', NULL]) AS nulls, array_to_json(ARRAY[1, 2], true) AS lines;
--> json | nulls | lines
--> [[1,2],[3,4]] | ["a",null] | [1,
-->  2]
