-- STRICT tables take values of their types only
-- oracle: sqlite
-- chapter: types

CREATE TABLE s (a INT, b TEXT, c BLOB, d ANY, e REAL) STRICT;

INSERT INTO s VALUES ('1', 2, x'03', 'four', 5);

SELECT typeof(a), typeof(b), typeof(c), typeof(d), typeof(e) FROM s;
--> typeof(a) | typeof(b) | typeof(c) | typeof(d) | typeof(e)
--> integer | text | blob | text | real

INSERT INTO s (c) VALUES ('text');
--! cannot store TEXT value in BLOB column s.c

CREATE TABLE u (a VARCHAR(10)) STRICT;
--! unknown datatype for u.a: "VARCHAR(10)"

CREATE TABLE u (a) STRICT;
--! missing datatype for u.a

CREATE TABLE k (a BLOB PRIMARY KEY, b INTEGER) WITHOUT ROWID, STRICT;

INSERT INTO k VALUES (x'01', 2), (x'00', 3);

SELECT * FROM k ORDER BY a;
--> a | b
--> x'00' | 3
--> x'01' | 2
