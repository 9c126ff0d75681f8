-- Which values make one group: numerics of other scales, zeros with signs, NaN, intervals, padded texts
-- oracle: postgres
-- chapter: queries

SELECT x, count(*) AS n FROM (VALUES (1.0), (1.00), (1), (2.5), (2.50)) v(x) GROUP BY x ORDER BY 1;
--> x | n
--> 1.0 | 3
--> 2.5 | 2

SELECT count(*) AS n, min(x::text) AS least FROM (VALUES (0::float8), ('-0'), ('NaN'), ('NaN'), (NULL), (NULL)) v(x) GROUP BY x ORDER BY x;
--> n | least
--> 2 | -0
--> 2 | NaN
--> 2 | NULL

SELECT count(*) AS n FROM (VALUES (interval '1 day'), ('24 hours'), ('1 month'), ('30 days')) v(x) GROUP BY x ORDER BY x;
--> n
--> 2
--> 2

SELECT count(*) AS n, length(x) AS length FROM (VALUES ('a'::char(3)), ('a '), ('b')) v(x) GROUP BY x ORDER BY x;
--> n | length
--> 2 | 1
--> 1 | 1

SELECT x, count(*) AS n FROM (VALUES ('a'::text), ('a '), ('A')) v(x) GROUP BY x ORDER BY x;
--> x | n
--> A | 1
--> a | 1
--> a  | 1

SELECT count(*) AS n FROM (VALUES (timestamptz '2024-01-01 12:00+00'), ('2024-01-01 13:00+01')) v(x) GROUP BY x;
--> n
--> 2

SELECT x, count(*) AS n FROM (VALUES (ARRAY[1, NULL]), (ARRAY[1, NULL]), (ARRAY[1])) v(x) GROUP BY x ORDER BY x;
--> x | n
--> {1} | 1
--> {1,NULL} | 2

SELECT x, count(*) AS n FROM (VALUES (ROW(1, NULL::integer)), (ROW(1, NULL)), (ROW(2, 1))) v(x) GROUP BY x ORDER BY x;
--! 42804: cannot compare dissimilar column types integer and unknown at record column 2
--~> x | n
--~> (1,) | 2
--~> (2,1) | 1

SELECT count(*) AS n FROM (VALUES ('{"a": 1, "b": 2}'::jsonb), ('{"b": 2, "a": 1.0}'), ('[1]')) v(x) GROUP BY x ORDER BY 1;
--> n
--> 1
--> 2

SELECT x, count(*) FROM (VALUES ('{}'::json), ('{}')) v(x) GROUP BY x;
--! 42883: could not identify an equality operator for type json

SELECT count(DISTINCT x) AS numerics FROM (VALUES (1.0), (1.00), (1)) v(x);
--> numerics
--> 1

SELECT count(*) FROM (SELECT 1.0 UNION SELECT 1.00 UNION SELECT 1) u;
--> count
--> 1

SELECT count(*) FROM (SELECT 0::float8 UNION SELECT '-0'::float8) u;
--> count
--> 1

SELECT count(*) FROM (SELECT 'a'::char(3) UNION SELECT 'a'::char(5)) u;
--> count
--> 1

SELECT count(*) FROM (SELECT 'a'::char(3) UNION SELECT 'a '::text) u;
--> count
--> 1
--~> count
--~> 2

SELECT x, row_number() OVER (PARTITION BY x ORDER BY n) AS nth FROM (VALUES (1.0, 1), (1.00, 2), (2, 3)) v(x, n) ORDER BY n;
--> x | nth
--> 1.0 | 1
--> 1.00 | 2
--> 2 | 1

SELECT n, rank() OVER (ORDER BY x) AS rank FROM (VALUES (interval '24 hours', 1), ('1 day', 2), ('25 hours', 3)) v(x, n) ORDER BY n;
--> n | rank
--> 1 | 1
--> 2 | 1
--> 3 | 3

SELECT DISTINCT ON (x) x, n FROM (VALUES (1.00, 2), (1.0, 1), (2, 3)) v(x, n) ORDER BY x, n;
--> x | n
--> 1.0 | 1
--> 2 | 3

SELECT array_agg(DISTINCT x ORDER BY x) AS distinct FROM (VALUES (1.0), (1.00), (0.5)) v(x);
--> distinct
--> {0.5,1.0}

SELECT mode() WITHIN GROUP (ORDER BY x) AS mode FROM (VALUES (2.0), (1), (2.00)) v(x);
--> mode
--> 2.0
