-- Which expressions have an affinity, and what it does to comparisons
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (i INTEGER, x TEXT, b BLOB);

INSERT INTO t VALUES (10, '10', '10');

SELECT i = '10' AS column_and_literal, i = '10.0' AS real, x = 10 AS text_column, b = 10 AS blob_column, b = '10' AS blob_text FROM t;
--> column_and_literal | real | text_column | blob_column | blob_text
--> 1 | 1 | 1 | 0 | 1

SELECT i = x AS columns, i = b AS integer_blob, x = b AS text_blob FROM t;
--> columns | integer_blob | text_blob
--> 1 | 1 | 1

SELECT +i = '10' AS plus, (i) = '10' AS parentheses, i + 0 = '10' AS sum, i || '' = 10 AS joined FROM t;
--> plus | parentheses | sum | joined
--> 0 | 1 | 0 | 0

SELECT CAST('10' AS INTEGER) = '10' AS cast_left, '10' = CAST(10 AS TEXT) AS texts, CAST(10 AS TEXT) = 10 AS cast_text, CAST('10' AS REAL) = '10' AS cast_real;
--> cast_left | texts | cast_text | cast_real
--> 1 | 1 | 1 | 1

SELECT 10 = '10' AS literals, '10' = 10.0 AS real, 10 < '9' AS number_first, '10' < '9' AS texts;
--> literals | real | number_first | texts
--> 0 | 0 | 1 | 1

SELECT (SELECT i FROM t) = '10' AS subquery, (SELECT +i FROM t) = '10' AS plus_within, CASE WHEN 1 THEN i END = '10' AS of_case, coalesce(i, 0) = '10' AS of_function FROM t;
--> subquery | plus_within | of_case | of_function
--> 1 | 0 | 0 | 0

SELECT '10' IN (SELECT i FROM t) AS in_query, 10 IN (SELECT x FROM t) AS in_texts, i IN ('10') AS in_list, '10' IN (10) AS literals, x IN (10, 11) AS text_in FROM t;
--> in_query | in_texts | in_list | literals | text_in
--> 1 | 1 | 1 | 0 | 1

SELECT i BETWEEN '9' AND '11' AS between_texts, x BETWEEN 9 AND 11 AS text_between, '10' BETWEEN 9 AND 11 AS literal FROM t;
--> between_texts | text_between | literal
--> 1 | 0 | 0

SELECT CASE i WHEN '10' THEN 'equal' ELSE 'other' END AS simple_case, CASE '10' WHEN i THEN 'equal' ELSE 'other' END AS turned, CASE '10' WHEN 10 THEN 'equal' ELSE 'other' END AS literals FROM t;
--> simple_case | turned | literals
--> equal | equal | other

SELECT min(i, '9') AS mixed_min, max('9', 10) AS mixed_max, min('10', '9') AS texts, typeof(min(x, 5)) AS type FROM t;
--> mixed_min | mixed_max | texts | type
--> 10 | 9 | 10 | integer

SELECT s.n = '10' AS of_subquery, s.m = '10' AS of_expression FROM (SELECT i AS n, i + 0 AS m FROM t) AS s;
--> of_subquery | of_expression
--> 1 | 0

WITH c AS (SELECT i AS n FROM t) SELECT n = '10' AS of_cte, n IS '10' AS is_same FROM c;
--> of_cte | is_same
--> 1 | 1

SELECT '10' = v.n AS of_values, v.n = 10 AS number FROM (SELECT column1 AS n FROM (VALUES (10))) AS v;
--> of_values | number
--> 0 | 1
