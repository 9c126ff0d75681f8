-- A STRICT table's columns: ANY keeps what it is given, INT takes whole numbers alone
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (a INT, b REAL, c ANY, d BLOB, e TEXT, f ANY DEFAULT '5') STRICT;

INSERT INTO t (a) VALUES (1.5);
--! cannot store REAL value in INT column t.a

INSERT INTO t (a) VALUES ('1.5');
--! cannot store REAL value in INT column t.a

INSERT INTO t (a) VALUES (2.0), ('3');

INSERT INTO t (c) VALUES ('1.50'), (1.0), (1), (x'31');

INSERT INTO t (e) VALUES (1.5);

SELECT a, typeof(a), c, typeof(c), e, f, typeof(f) FROM t ORDER BY a, quote(c), e;
--> a | typeof(a) | c | typeof(c) | e | f | typeof(f)
--> NULL | null | 1.50 | text | NULL | 5 | text
--> NULL | null | 1 | integer | NULL | 5 | text
--> NULL | null | 1.0 | real | NULL | 5 | text
--> NULL | null | NULL | null | 1.5 | 5 | text
--> NULL | null | x'31' | blob | NULL | 5 | text
--> 2 | integer | NULL | null | NULL | 5 | text
--> 3 | integer | NULL | null | NULL | 5 | text

SELECT quote(c) FROM t WHERE c = '1.50' OR c = 1 ORDER BY 1;
--> quote(c)
--> '1.50'
--> 1
--> 1.0

ALTER TABLE t ADD COLUMN h NUMERIC;
--! error in table t after add column: unknown datatype for t.h: "NUMERIC"
--~! unknown datatype for t.h: "NUMERIC"
