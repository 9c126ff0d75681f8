-- DISTINCT with ORDER BY of other columns, of expressions, with windows and groups
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, g TEXT, x INTEGER);

INSERT INTO t VALUES (1, 'b', 5), (2, 'a', 9), (3, 'b', 5), (4, 'a', 7), (5, NULL, NULL), (6, 'c', 5);

SELECT DISTINCT g FROM t ORDER BY g;
--> g
--> NULL
--> a
--> b
--> c

SELECT DISTINCT g FROM t ORDER BY g DESC LIMIT 2;
--> g
--> c
--> b

SELECT DISTINCT g, x FROM t ORDER BY x, g;
--> g | x
--> NULL | NULL
--> b | 5
--> c | 5
--> a | 7
--> a | 9

SELECT DISTINCT x FROM t ORDER BY -x;
--> x
--> NULL
--> 9
--> 7
--> 5

SELECT DISTINCT x + 1 AS y FROM t ORDER BY y DESC;
--> y
--> 10
--> 8
--> 6
--> NULL

SELECT DISTINCT upper(g) AS u FROM t WHERE g IS NOT NULL ORDER BY length(u), u;
--> u
--> A
--> B
--> C

SELECT DISTINCT count(*) AS n FROM t GROUP BY g ORDER BY n;
--> n
--> 1
--> 2

SELECT DISTINCT g, count(*) OVER (PARTITION BY g) AS n FROM t ORDER BY g;
--> g | n
--> NULL | 1
--> a | 2
--> b | 2
--> c | 1

SELECT DISTINCT typeof(x) AS type FROM t ORDER BY type;
--> type
--> integer
--> null

SELECT DISTINCT g IS NULL AS none FROM t ORDER BY none;
--> none
--> 0
--> 1

SELECT count(*) AS n FROM (SELECT DISTINCT g, x FROM t);
--> n
--> 5

SELECT DISTINCT a.g FROM t a JOIN t b ON a.x = b.x AND a.id <> b.id ORDER BY 1;
--> g
--> b
--> c

SELECT DISTINCT NULL AS n FROM t;
--> n
--> NULL

SELECT DISTINCT 1 FROM t;
--> 1
--> 1

SELECT ALL g FROM t WHERE g = 'a';
--> g
--> a
--> a

SELECT DISTINCT * FROM (SELECT g, x FROM t) ORDER BY 1, 2;
--> g | x
--> NULL | NULL
--> a | 7
--> a | 9
--> b | 5
--> c | 5

SELECT g, group_concat(DISTINCT x) AS xs, count(DISTINCT x) AS n FROM t GROUP BY g ORDER BY g;
--> g | xs | n
--> NULL | NULL | 0
--> a | 9,7 | 2
--> b | 5 | 1
--> c | 5 | 1

SELECT DISTINCT max(g, 'b') AS m FROM t WHERE g IS NOT NULL ORDER BY m;
--> m
--> b
--> c

SELECT DISTINCT CASE WHEN x > 6 THEN 'high' ELSE 'low' END AS band FROM t ORDER BY band;
--> band
--> high
--> low

SELECT DISTINCT g FROM t UNION ALL SELECT DISTINCT g FROM t WHERE g = 'a' ORDER BY g;
--> g
--> NULL
--> a
--> a
--> b
--> c
