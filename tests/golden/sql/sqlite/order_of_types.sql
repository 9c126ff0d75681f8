-- NULL, then numbers, texts, blobs
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (v);

INSERT INTO t VALUES ('b'), (2), (x'01'), (NULL), (1.5), ('B'), (-1), (''), (x'');

SELECT v, typeof(v) FROM t ORDER BY v;
--> v | typeof(v)
--> NULL | null
--> -1 | integer
--> 1.5 | real
--> 2 | integer
-->  | text
--> B | text
--> b | text
--> x'' | blob
--> x'01' | blob

SELECT v FROM t ORDER BY v DESC LIMIT 3;
--> v
--> x'01'
--> x''
--> b

SELECT min(v), max(v) FROM t;
--> min(v) | max(v)
--> -1 | x'01'

SELECT v FROM t WHERE v > 2 ORDER BY v;
--> v
-->
--> B
--> b
--> x''
--> x'01'

SELECT v FROM t WHERE v < '' ORDER BY v;
--> v
--> -1
--> 1.5
--> 2

SELECT v FROM t WHERE v >= x'' ORDER BY v;
--> v
--> x''
--> x'01'

CREATE INDEX t_v ON t (v);

SELECT v FROM t ORDER BY v;
--> v
--> NULL
--> -1
--> 1.5
--> 2
-->
--> B
--> b
--> x''
--> x'01'

SELECT v FROM t WHERE v BETWEEN 1 AND 'a' ORDER BY v;
--> v
--> 1.5
--> 2
-->
--> B

SELECT typeof(v), count(*) FROM t GROUP BY typeof(v) ORDER BY 1;
--> typeof(v) | count(*)
--> blob | 2
--> integer | 2
--> null | 1
--> real | 1
--> text | 3

SELECT count(*) FROM t WHERE v <> 2;
--> count(*)
--> 7
