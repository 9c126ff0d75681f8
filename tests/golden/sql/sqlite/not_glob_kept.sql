-- NOT GLOB in views and conditions that are kept
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a INTEGER, b TEXT CHECK (b NOT GLOB 'x*'), c TEXT DEFAULT ('a' NOT GLOB 'b'));

INSERT INTO t (a, b) VALUES (1, 'y'), (2, NULL);

SELECT * FROM t;
--> a | b | c
--> 1 | y | 1
--> 2 | NULL | 1

INSERT INTO t (a, b) VALUES (3, 'xy');
--! CHECK constraint failed: b NOT GLOB 'x*'

CREATE VIEW v (x) AS SELECT a FROM t WHERE b NOT GLOB 'z*' OR a = 2;

SELECT x FROM v ORDER BY x;
--> x
--> 1
--> 2

CREATE VIEW w (x) AS SELECT max(a) FILTER (WHERE b NOT GLOB CASE WHEN a > 0 THEN 'q' END) FROM t;

SELECT x FROM w WHERE x NOT GLOB '7';
--> x
--> 1
