-- What columns of each affinity keep of numbers and texts that fit
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, r REAL, x TEXT, n NUMERIC, b BLOB, plain);

INSERT INTO t VALUES (1, '7', '7', 7, '7', '7', '7'), (2, '7.0', '7.5', 7.5, '7.50', 7.5, 7.5), (3, 7.0, 7, '7', 7.0, 7, 7), (4, '  8 ', '1e2', '1e2', '1e2', x'38', x'38'), (5, NULL, NULL, NULL, NULL, NULL, NULL);

SELECT typeof(i) AS i, typeof(r) AS r, typeof(x) AS x, typeof(n) AS n, typeof(b) AS b, typeof(plain) AS plain FROM t ORDER BY id;
--> i | r | x | n | b | plain
--> integer | real | text | integer | text | text
--> integer | real | text | real | real | real
--> integer | real | text | integer | integer | integer
--> integer | real | text | integer | blob | blob
--> null | null | null | null | null | null

SELECT i, r, x, n, quote(b) AS b, quote(plain) AS plain FROM t ORDER BY id;
--> i | r | x | n | b | plain
--> 7 | 7.0 | 7 | 7 | '7' | '7'
--> 7 | 7.5 | 7.5 | 7.5 | 7.5 | 7.5
--> 7 | 7.0 | 7 | 7 | 7 | 7
--> 8 | 100.0 | 1e2 | 100 | X'38' | X'38'
--> NULL | NULL | NULL | NULL | NULL | NULL

SELECT sum(i) AS i, sum(r) AS r, sum(x) AS x, sum(n) AS n, sum(b) AS b FROM t;
--> i | r | x | n | b
--> 29 | 121.5 | 121.5 | 121.5 | 29.5

SELECT i / 2 AS i, r / 2 AS r, x / 2 AS x, n / 2 AS n FROM t WHERE id = 1;
--> i | r | x | n
--> 3 | 3.5 | 3 | 3

SELECT count(*) FROM t WHERE x = 7;
--> count(*)
--> 2

SELECT count(*) FROM t WHERE b = 7;
--> count(*)
--> 1

SELECT count(*) FROM t WHERE plain = '7';
--> count(*)
--> 1

SELECT x || '' AS x, i || '' AS i, r || '' AS r FROM t ORDER BY id LIMIT 2;
--> x | i | r
--> 7 | 7 | 7.0
--> 7.5 | 7 | 7.5

CREATE TABLE other (a VARCHAR(2), c BIGINT, d DOUBLE, e DECIMAL(6,2), f BOOLEAN, g CLOB);

INSERT INTO other VALUES ('longer', '5', '5', '5.5', TRUE, 5);

SELECT a, typeof(c) AS c, typeof(d) AS d, e, f, typeof(g) AS g FROM other;
--> a | c | d | e | f | g
--> longer | integer | real | 5.5 | 1 | text

UPDATE other SET c = c + 1, d = d / 3, f = NOT f, a = a || 1 RETURNING a, c, d, f;
--> a | c | d | f
--> longer1 | 6 | 1.6666666666666667 | 0

CREATE TABLE copied AS SELECT i, x, i + 1 AS sum, 'a' AS letter FROM t WHERE id = 1;

SELECT name, type FROM pragma_table_info('copied') ORDER BY cid;
--> name | type
--> i | INT
--> x | TEXT
--> sum |
--> letter |
--~> name | type
--~> i | INTEGER
--~> x | TEXT
--~> sum |
--~> letter |
