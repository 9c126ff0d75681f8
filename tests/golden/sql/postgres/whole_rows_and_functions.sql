-- The alias of a table is its row; the alias of a function is its value, or its row
-- oracle: postgres
-- chapter: expressions

CREATE TABLE t (id INTEGER, note TEXT);

INSERT INTO t VALUES (1, 'a'), (2, NULL), (NULL, NULL);

SELECT t FROM t ORDER BY id;
--> t
--> (1,a)
--> (2,)
--> (,)

SELECT count(t) AS rows, count(id) AS ids, count(*) FILTER (WHERE t IS NULL) AS all_null, count(*) FILTER (WHERE t IS NOT NULL) AS none_null FROM t;
--> rows | ids | all_null | none_null
--> 3 | 2 | 1 | 1

SELECT (t).note, t.id FROM t WHERE id = 1;
--> note | id
--> a | 1

SELECT row_to_json(t) AS json, to_jsonb(t) ->> 'note' AS note, t::text AS text FROM t WHERE id = 1;
--> json | note | text
--> {"id":1,"note":"a"} | a | (1,a)

SELECT a.id FROM t a JOIN t b ON a = b ORDER BY a.id;
--> id
--> 1
--> 2
--> NULL

SELECT a.id FROM t a JOIN t b ON a IS NOT DISTINCT FROM b ORDER BY a.id;
--> id
--> 1
--> 2
--> NULL

SELECT g, g + 1 AS next FROM generate_series(1, 2) AS g ORDER BY g;
--> g | next
--> 1 | 2
--> 2 | 3

SELECT g.g, g.* FROM generate_series(1, 2) AS g ORDER BY 1;
--> g | g
--> 1 | 1
--> 2 | 2

SELECT n, s.n + 1 AS next FROM generate_series(1, 2) AS s(n) ORDER BY n;
--> n | next
--> 1 | 2
--> 2 | 3

SELECT u, upper(u) AS up FROM unnest(ARRAY['a', 'b']) AS u ORDER BY u;
--> u | up
--> a | A
--> b | B

SELECT e, e ->> 'a' AS a FROM jsonb_array_elements('[{"a": 1}, {"a": 2}]') AS e ORDER BY 2;
--> e | a
--> {"a": 1} | 1
--> {"a": 2} | 2

SELECT value, e.value ->> 'a' AS a FROM jsonb_array_elements('[{"a": 1}]') AS e;
--> value | a
--> {"a": 1} | 1

SELECT x, length(x) AS length FROM jsonb_array_elements_text('["ab", "c"]') AS x ORDER BY x;
--> x | length
--> ab | 2
--> c | 1

SELECT k, k || '!' AS cry FROM jsonb_object_keys('{"b": 1, "a": 2}') AS k ORDER BY k;
--> k | cry
--> a | a!
--> b | b!

SELECT e.key, e.value FROM jsonb_each('{"a": 1}') AS e;
--> key | value
--> a | 1

SELECT e FROM jsonb_each('{"a": 1}') AS e;
--> e
--> (a,1)

SELECT p, p[1] AS first FROM regexp_matches('a1b2', '([a-z])(\d)', 'g') AS p ORDER BY p;
--> p | first
--> {a,1} | a
--> {b,2} | b

SELECT r, length(r) AS length FROM regexp_split_to_table('one,three', ',') AS r ORDER BY r;
--> r | length
--> one | 3
--> three | 5

SELECT w.w, w.n FROM unnest(ARRAY['x', 'y']) WITH ORDINALITY AS w(w, n) ORDER BY n;
--> w | n
--> x | 1
--> y | 2

SELECT jsonb_agg(e ORDER BY e) AS again, sum(e::integer) AS sum, max(e::text) AS text FROM jsonb_array_elements('[3, 1, 2]') AS e;
--> again | sum | text
--> [1, 2, 3] | 6 | 3

SELECT v FROM (VALUES (1, 'x')) AS v(a, b);
--> v
--> (1,x)

SELECT s FROM (SELECT 1 AS a, NULL AS b) AS s;
--> s
--> (1,)

SELECT (s).*, (s).a + 1 AS more FROM (SELECT 1 AS a, 2 AS b) AS s;
--> a | b | more
--> 1 | 2 | 2

SELECT count(s.*) AS rows_of_s, count(s) AS too FROM (SELECT 1 AS a UNION ALL SELECT NULL) AS s;
--> rows_of_s | too
--> 2 | 2

SELECT t.nothing FROM t;
--! 42703: column t.nothing does not exist

SELECT g.x FROM generate_series(1, 2) AS g;
--! 42703: column g.x does not exist
