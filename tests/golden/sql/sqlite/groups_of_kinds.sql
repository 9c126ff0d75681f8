-- Which values make one group, one row of DISTINCT, one partition
-- oracle: sqlite
-- chapter: queries

CREATE TABLE v (id INTEGER PRIMARY KEY, x, w TEXT COLLATE NOCASE);

INSERT INTO v VALUES (1, 1, 'a'), (2, '1', 'A'), (3, x'31', 'b'), (4, NULL, NULL), (5, NULL, NULL), (6, 2.5, 'B '), (7, 2.5, 'B'), (8, 'a', 'a'), (9, 'A', 'c');

SELECT typeof(x) AS type, count(*) AS n FROM v GROUP BY x ORDER BY x, type;
--> type | n
--> null | 2
--> integer | 1
--> real | 2
--> text | 1
--> text | 1
--> text | 1
--> blob | 1

SELECT lower(w) AS w, count(*) AS n FROM v GROUP BY w ORDER BY 1;
--> w | n
--> NULL | 2
--> a | 3
--> b | 2
--> b  | 1
--> c | 1

SELECT w COLLATE BINARY AS w, count(*) AS n FROM v GROUP BY w COLLATE BINARY ORDER BY w COLLATE BINARY;
--> w | n
--> NULL | 2
--> A | 1
--> B | 1
--> B  | 1
--> a | 2
--> b | 1
--> c | 1

SELECT count(DISTINCT x) AS x, count(DISTINCT w) AS w, count(DISTINCT w COLLATE BINARY) AS binary, count(DISTINCT typeof(x)) AS kinds FROM v;
--> x | w | binary | kinds
--> 6 | 4 | 6 | 5

SELECT count(*) AS n FROM (SELECT DISTINCT x FROM v);
--> n
--> 7

SELECT count(*) AS n FROM (SELECT DISTINCT lower(w) FROM v);
--> n
--> 5

SELECT count(*) AS n FROM (SELECT DISTINCT x, w FROM v);
--> n
--> 8

SELECT id, count(*) OVER (PARTITION BY x) AS same FROM v ORDER BY id;
--> id | same
--> 1 | 1
--> 2 | 1
--> 3 | 1
--> 4 | 2
--> 5 | 2
--> 6 | 2
--> 7 | 2
--> 8 | 1
--> 9 | 1

SELECT id, count(*) OVER (PARTITION BY w) AS same FROM v ORDER BY id;
--> id | same
--> 1 | 3
--> 2 | 3
--> 3 | 2
--> 4 | 2
--> 5 | 2
--> 6 | 1
--> 7 | 2
--> 8 | 3
--> 9 | 1

SELECT id, dense_rank() OVER (ORDER BY x) AS rank FROM v ORDER BY id;
--> id | rank
--> 1 | 2
--> 2 | 4
--> 3 | 7
--> 4 | 1
--> 5 | 1
--> 6 | 3
--> 7 | 3
--> 8 | 6
--> 9 | 5

SELECT id, dense_rank() OVER (ORDER BY w) AS rank FROM v ORDER BY id;
--> id | rank
--> 1 | 2
--> 2 | 2
--> 3 | 3
--> 4 | 1
--> 5 | 1
--> 6 | 4
--> 7 | 3
--> 8 | 2
--> 9 | 5

SELECT count(*) AS n FROM v GROUP BY x IS NULL ORDER BY n;
--> n
--> 2
--> 7

SELECT count(*) AS n FROM v GROUP BY x || '' ORDER BY n DESC, 1;
--> n
--> 3
--> 2
--> 2
--> 1
--> 1

SELECT id FROM v WHERE x IS (SELECT x FROM v WHERE id = 5) ORDER BY id;
--> id
--> 4
--> 5

SELECT min(w) IS NOT NULL AS has_min, max(w COLLATE BINARY) AS max_binary FROM v;
--> has_min | max_binary
--> 1 | c

SELECT x, count(*) AS n FROM (SELECT CAST(x AS TEXT) AS x FROM v) GROUP BY x ORDER BY x;
--> x | n
--> NULL | 2
--> 1 | 3
--> 2.5 | 2
--> A | 1
--> a | 1

SELECT typeof(x) AS type, min(id) AS first, max(id) AS last FROM v GROUP BY typeof(x) ORDER BY type;
--> type | first | last
--> blob | 3 | 3
--> integer | 1 | 1
--> null | 4 | 5
--> real | 6 | 7
--> text | 2 | 9
