-- Columns convert what fits into them; comparisons convert by affinity
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC);

INSERT INTO t VALUES ('1', '2', 3, 4, '5.0');

SELECT typeof(i), typeof(r), typeof(t), typeof(b), typeof(n) FROM t;
--> typeof(i) | typeof(r) | typeof(t) | typeof(b) | typeof(n)
--> integer | real | text | integer | integer

SELECT i = '1' AS a, t = 3 AS b, '3' = 3 AS c, i < 'x' AS d FROM t;
--> a | b | c | d
--> 1 | 1 | 0 | 1

SELECT 1 < '0' AS number_before_text, 'a' < x'00' AS text_before_blob;
--> number_before_text | text_before_blob
--> 1 | 1

SELECT 1 = 1.0 AS same, '1' = '1.0' AS other;
--> same | other
--> 1 | 0

CREATE TABLE unlike (word TEXT, anything);

INSERT INTO unlike VALUES ('', 1), ('2', 1), ('2', '1'), ('a', x'61');

SELECT word, word < anything AS less, word < (anything || '') AS less_than_text FROM unlike ORDER BY word, typeof(anything);
--> word | less | less_than_text
-->  | 0 | 1
--> 2 | 0 | 0
--> 2 | 0 | 0
--> a | 1 | 0
