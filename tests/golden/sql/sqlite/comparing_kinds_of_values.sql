-- NULL, numbers, texts and blobs in comparisons, orders, groups and sets
-- oracle: sqlite
-- chapter: types

CREATE TABLE v (x);

INSERT INTO v VALUES (NULL), (1), ('1'), ('a'), ('A'), (x'31'), (x'61'), (''), (x''), (-5), (1.5), (NULL);

SELECT typeof(x) AS type, quote(x) AS value FROM v ORDER BY x, typeof(x);
--> type | value
--> null | NULL
--> null | NULL
--> integer | -5
--> integer | 1
--> real | 1.5
--> text | ''
--> text | '1'
--> text | 'A'
--> text | 'a'
--> blob | X''
--> blob | X'31'
--> blob | X'61'

SELECT quote(min(x)) AS min, quote(max(x)) AS max, count(x) AS n, count(DISTINCT x) AS different FROM v;
--> min | max | n | different
--> -5 | X'61' | 10 | 10

SELECT quote(x) AS value, count(*) AS n FROM v GROUP BY x HAVING count(*) > 1 ORDER BY x;
--> value | n
--> NULL | 2

SELECT quote(x) AS above_a FROM v WHERE x > 'a' ORDER BY x;
--> above_a
--> X''
--> X'31'
--> X'61'

SELECT quote(x) AS below_zero_or_text FROM v WHERE x < 1 OR x >= x'31' ORDER BY x;
--> below_zero_or_text
--> -5
--> X'31'
--> X'61'

SELECT count(*) AS equal_one FROM v WHERE x = 1;
--> equal_one
--> 1

SELECT count(*) AS equal_text FROM v WHERE x = '1';
--> equal_text
--> 1

SELECT count(*) AS distinct_rows FROM (SELECT x FROM v UNION SELECT x FROM v);
--> distinct_rows
--> 11

SELECT quote(x) AS common FROM v INTERSECT SELECT quote(column1) FROM (VALUES (1), ('a'), (NULL), (x'61')) ORDER BY 1;
--> common
--> 'a'
--> 1
--> NULL
--> X'61'

SELECT 1 < 'a' AS a, 'a' < x'00' AS b, 9e99 < '' AS c, 'a' < 'B' AS d, x'61' = 'a' AS e, NULL < 1 AS f;
--> a | b | c | d | e | f
--> 1 | 1 | 1 | 0 | 0 | NULL

SELECT 1 = 1.0 AS a, 1 IS 1.0 AS b, NULL IS NULL AS c, NULL = NULL AS d, 1 IS NOT '1' AS e, x'' IS '' AS f;
--> a | b | c | d | e | f
--> 1 | 1 | 1 | NULL | 1 | 0

SELECT 1 IS DISTINCT FROM NULL AS a, NULL IS DISTINCT FROM NULL AS b, 1 IS NOT DISTINCT FROM 1.0 AS c, 'a' IS NOT DISTINCT FROM 'A' AS d;
--> a | b | c | d
--> 1 | 0 | 1 | 0

SELECT max(1, 'a', x'00') AS max, quote(min(1, 'a', x'00')) AS min, max(NULL, 1) AS with_null, max('b', 'a') AS texts;
--> max | min | with_null | texts
--> x'00' | 1 | NULL | b

SELECT quote(x) AS last FROM v ORDER BY x DESC LIMIT 2;
--> last
--> X'61'
--> X'31'

SELECT quote(x) AS value FROM v ORDER BY x NULLS LAST, typeof(x) LIMIT 1;
--> value
--> -5
