-- Affinity: declared types and what they keep
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (i INT, bi BIGINT, t TEXT, v VARCHAR(3), c CLOB, r REAL, d DOUBLE, b BLOB, n);

INSERT INTO t (t, v, c) VALUES (1, 22, 3.5);

SELECT t, v, c, typeof(t), typeof(v), typeof(c) FROM t;
--> t | v | c | typeof(t) | typeof(v) | typeof(c)
--> 1 | 22 | 3.5 | text | text | text

DELETE FROM t;

INSERT INTO t (i, bi, r, d) VALUES ('1', '2.0', '3', 4);

SELECT i, bi, r, d, typeof(i), typeof(bi), typeof(r), typeof(d) FROM t;
--> i | bi | r | d | typeof(i) | typeof(bi) | typeof(r) | typeof(d)
--> 1 | 2 | 3.0 | 4.0 | integer | integer | real | real

DELETE FROM t;

INSERT INTO t (b, n) VALUES ('1', '1'), (1, 1), (1.0, 1.0);

SELECT b, n, typeof(b), typeof(n) FROM t ORDER BY typeof(b);
--> b | n | typeof(b) | typeof(n)
--> 1 | 1 | integer | integer
--> 1.0 | 1.0 | real | real
--> 1 | 1 | text | text

DELETE FROM t;

INSERT INTO t (v) VALUES ('longer than three');

SELECT v FROM t;
--> v
--> longer than three

SELECT name, type FROM pragma_table_info('t') ORDER BY cid;
--> name | type
--> i | INT
--> bi | BIGINT
--> t | TEXT
--> v | VARCHAR(3)
--> c | CLOB
--> r | REAL
--> d | DOUBLE
--> b | BLOB
--> n |

CREATE TABLE words (a FLOATING POINT, b UNSIGNED BIG INT, c DOUBLE PRECISION, d NATIVE CHARACTER(70), e LONG LONG NAME);

INSERT INTO words VALUES (1, '2', '3', 4, '5');

SELECT typeof(a), typeof(b), typeof(c), typeof(d), typeof(e) FROM words;
--> typeof(a) | typeof(b) | typeof(c) | typeof(d) | typeof(e)
--> integer | integer | real | text | integer
