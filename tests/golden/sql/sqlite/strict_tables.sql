-- STRICT: types, conversions, ANY
-- oracle: sqlite
-- chapter: types

CREATE TABLE s (i INT, r REAL, t TEXT, b BLOB, a ANY) STRICT;

INSERT INTO s VALUES ('1', '2', 3, x'04', '5');

SELECT i, r, t, b, a, typeof(i), typeof(r), typeof(t), typeof(a) FROM s;
--> i | r | t | b | a | typeof(i) | typeof(r) | typeof(t) | typeof(a)
--> 1 | 2.0 | 3 | x'04' | 5 | integer | real | text | text

INSERT INTO s (i) VALUES ('x');
--! cannot store TEXT value in INT column s.i

INSERT INTO s (i) VALUES (1.5);
--! cannot store REAL value in INT column s.i

INSERT INTO s (i) VALUES (2.0) RETURNING typeof(i);
--> typeof(i)
--> integer

INSERT INTO s (r) VALUES ('abc');
--! cannot store TEXT value in REAL column s.r

INSERT INTO s (t) VALUES (x'61');
--! cannot store BLOB value in TEXT column s.t

INSERT INTO s (b) VALUES ('text');
--! cannot store TEXT value in BLOB column s.b

UPDATE s SET i = 'x' WHERE t = '3';
--! cannot store TEXT value in INT column s.i

INSERT INTO s (a) VALUES (1), (1.0), ('1'), (x'31') RETURNING a, typeof(a);
--> a | typeof(a)
--> 1 | integer
--> 1.0 | real
--> 1 | text
--> x'31' | blob

CREATE TABLE bad (x VARCHAR(5)) STRICT;
--! unknown datatype for bad.x: "VARCHAR(5)"

CREATE TABLE bad (x) STRICT;
--! missing datatype for bad.x

CREATE TABLE k (id INTEGER PRIMARY KEY, x TEXT) STRICT, WITHOUT ROWID;

INSERT INTO k VALUES (1, 'a');

INSERT INTO k (x) VALUES ('b');
--! NOT NULL constraint failed: k.id
--~

SELECT name, strict, wr FROM pragma_table_list WHERE name IN ('s', 'k') ORDER BY name;
--> name | strict | wr
--> k | 1 | 1
--> s | 1 | 0
