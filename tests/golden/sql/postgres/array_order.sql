-- How arrays are compared, ordered and grouped
-- oracle: postgres
-- chapter: types

SELECT ARRAY[1, 2] < ARRAY[1, 3] AS element, ARRAY[1, 2] < ARRAY[1, 2, 0] AS longer, ARRAY[2] > ARRAY[1, 9, 9] AS first_decides, ARRAY[]::integer[] < ARRAY[0] AS empty;
--> element | longer | first_decides | empty
--> t | t | t | t

SELECT ARRAY[1, NULL] = ARRAY[1, NULL] AS nulls_equal, ARRAY[1, NULL] > ARRAY[1, 9] AS null_is_last, ARRAY[NULL]::integer[] IS NULL AS not_null;
--> nulls_equal | null_is_last | not_null
--> t | t | f

SELECT x FROM (VALUES (ARRAY[2]), (ARRAY[1, 5]), ('{}'), (NULL), (ARRAY[1]), (ARRAY[1, NULL]), (ARRAY[[1]])) v(x) ORDER BY x;
--> x
--> {}
--> {1}
--> {{1}}
--> {1,5}
--> {1,NULL}
--> {2}
--> NULL

SELECT x, count(*) FROM (VALUES (ARRAY['a', NULL]), (ARRAY['a', NULL]), (ARRAY['a'])) v(x) GROUP BY x ORDER BY x;
--> x | count
--> {a} | 1
--> {a,NULL} | 2

SELECT max(x) AS max, min(x) AS min FROM (VALUES (ARRAY[1, 2]), (ARRAY[3])) v(x);
--> max | min
--> {3} | {1,2}

SELECT ARRAY[1, 2] = ARRAY[1, 2]::bigint[] AS types;
--! 42883: operator does not exist: integer[] = bigint[]

SELECT ARRAY[1, 2] = ARRAY['1', '2']::integer[] AS cast, ARRAY[1, 2]::text[] = ARRAY['1', '2'] AS as_text, ARRAY[1.0] = ARRAY[1]::numeric[] AS numeric;
--> cast | as_text | numeric
--> t | t | t

SELECT ARRAY[1, 2, 3] @> ARRAY[3, 1] AS contains, ARRAY[1] <@ ARRAY[1, 2] AS within, ARRAY[1, 2] && ARRAY[2, 9] AS overlap, ARRAY[1, 2] @> ARRAY[]::integer[] AS empty, ARRAY[1, NULL] @> ARRAY[NULL]::integer[] AS nulls;
--> contains | within | overlap | empty | nulls
--> t | t | t | t | f

SELECT 2 = ANY (ARRAY[1, 2]) AS any, 3 <> ALL (ARRAY[1, 2]) AS all, 1 < ANY (ARRAY[0, NULL]) AS unknown, 1 = ALL (ARRAY[]::integer[]) AS empty, NULL = ANY (ARRAY[1]) AS n;
--> any | all | unknown | empty | n
--> t | t | NULL | t | NULL

SELECT ARRAY[3, 1, 2] AS given, ARRAY(SELECT unnest(ARRAY[3, 1, 2]) ORDER BY 1) AS sorted, ARRAY(SELECT DISTINCT unnest(ARRAY[3, 1, 3]) ORDER BY 1 DESC) AS distinct;
--> given | sorted | distinct
--> {3,1,2} | {1,2,3} | {3,1}

SELECT ARRAY(SELECT unnest(ARRAY[1, 2, 3]) INTERSECT SELECT unnest(ARRAY[2, 3, 4]) ORDER BY 1) AS common, ARRAY(SELECT unnest(ARRAY[1, 2, 3]) EXCEPT SELECT unnest(ARRAY[2, 3, 4]) ORDER BY 1) AS difference;
--> common | difference
--> {2,3} | {1}

CREATE TABLE u (a INTEGER[] UNIQUE);

INSERT INTO u VALUES ('{1,2}'), ('{2,1}'), ('{}');

INSERT INTO u VALUES (ARRAY[1, 2]);
--! 23505: duplicate key value violates unique constraint "u_a_key"

SELECT a FROM u WHERE a > '{1}' ORDER BY a DESC;
--> a
--> {2,1}
--> {1,2}

SELECT DISTINCT a[1] AS first FROM u ORDER BY first NULLS FIRST;
--> first
--> NULL
--> 1
--> 2
