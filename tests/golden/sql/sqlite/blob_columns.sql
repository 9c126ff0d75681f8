-- A column that is declared BLOB, or not at all, keeps values of any kind as they are
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (a BLOB, b);

INSERT INTO t VALUES ('text', 'text'), (5, 5), (2.5, 2.5), (x'61', x'61'), (NULL, NULL);

SELECT typeof(a), typeof(b), a = b AS same FROM t ORDER BY 1;
--> typeof(a) | typeof(b) | same
--> blob | blob | 1
--> integer | integer | 1
--> null | null | NULL
--> real | real | 1
--> text | text | 1

CREATE INDEX t_a ON t (a);

SELECT a FROM t WHERE a > 3 ORDER BY a;
--> a
--> 5
--> text
--> x'61'

SELECT typeof(x'61' || x'62') AS joined, typeof(substr(x'', 1)) AS none;
--> joined | none
--> text | null
