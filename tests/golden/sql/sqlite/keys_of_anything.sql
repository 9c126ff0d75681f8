-- Rows of which a column of the key has no declared type
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (a INTEGER NOT NULL, b NOT NULL, c INTEGER, PRIMARY KEY (a, b));

CREATE INDEX tc ON t (c, a);

INSERT INTO t VALUES (1, 'x', 1), (1, 2.0, 2), (2, x'31', 3), (5, 1, 3);

UPDATE t SET c = c + 10 WHERE c = 3 AND a IN (SELECT 5);

UPDATE OR REPLACE t SET a = 5, b = 1 WHERE c = 3;

DELETE FROM t WHERE c = 2 RETURNING a, typeof(b);
--> a | typeof(b)
--> 1 | real

SELECT a, quote(b), c FROM t ORDER BY c;
--> a | quote(b) | c
--> 1 | 'x' | 1
--> 5 | 1 | 3

SELECT 'a' NOT GLOB NULL AS unknown, ('a' NOT GLOB NULL) IS NULL AS is_unknown, CASE WHEN 'a' NOT GLOB NULL THEN 1 END AS never;
--> unknown | is_unknown | never
--> NULL | 1 | NULL
