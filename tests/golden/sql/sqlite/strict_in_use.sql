-- STRICT tables: what each type takes, converts and refuses
-- oracle: sqlite
-- chapter: types

CREATE TABLE s (id INTEGER PRIMARY KEY, i INT, r REAL, t TEXT, b BLOB, a ANY) STRICT;

INSERT INTO s VALUES (1, '5', '2.5', 7, x'01', 'as is');

SELECT typeof(i) AS i, typeof(r) AS r, typeof(t) AS t, typeof(b) AS b, typeof(a) AS a FROM s WHERE id = 1;
--> i | r | t | b | a
--> integer | real | text | blob | text

INSERT INTO s VALUES (2, 5.0, 3, 'x', NULL, 2.5);

SELECT i, r, typeof(r) AS type, a FROM s WHERE id = 2;
--> i | r | type | a
--> 5 | 3.0 | real | 2.5

INSERT INTO s (id, i) VALUES (3, 5.5);
--! cannot store REAL value in INT column s.i

INSERT INTO s (id, i) VALUES (3, 'five');
--! cannot store TEXT value in INT column s.i

INSERT INTO s (id, r) VALUES (3, 'pi');
--! cannot store TEXT value in REAL column s.r

INSERT INTO s (id, t) VALUES (3, x'01');
--! cannot store BLOB value in TEXT column s.t

INSERT INTO s (id, b) VALUES (3, 'text');
--! cannot store TEXT value in BLOB column s.b

INSERT INTO s (id, a) VALUES (13, x'02'), (14, NULL), (15, 9);

SELECT id, typeof(a) AS a FROM s ORDER BY id;
--> id | a
--> 1 | text
--> 2 | real
--> 13 | blob
--> 14 | null
--> 15 | integer

UPDATE s SET i = 'x' WHERE id = 1;
--! cannot store TEXT value in INT column s.i

UPDATE s SET i = '12' WHERE id = 1 RETURNING i, typeof(i) AS type;
--> i | type
--> 12 | integer

UPDATE s SET t = 12.0 WHERE id = 1 RETURNING t, typeof(t) AS type;
--> t | type
--> 12.0 | text

CREATE TABLE bad (x VARCHAR(5)) STRICT;
--! unknown datatype for bad.x: "VARCHAR(5)"

CREATE TABLE bad (x) STRICT;
--! missing datatype for bad.x

CREATE TABLE bad (x DATETIME) STRICT;
--! unknown datatype for bad.x: "DATETIME"

CREATE TABLE both (k TEXT PRIMARY KEY, v INTEGER) STRICT, WITHOUT ROWID;

INSERT INTO both VALUES ('a', 1), (2, '3');

SELECT k, typeof(k) AS type, v + 1 AS next FROM both ORDER BY k;
--> k | type | next
--> 2 | text | 4
--> a | text | 2

SELECT name, strict, wr FROM pragma_table_list WHERE name IN ('s', 'both') ORDER BY name;
--> name | strict | wr
--> both | 1 | 1
--> s | 1 | 0

SELECT sum(i) AS i, total(r) AS r, max(t) AS t FROM s;
--> i | r | t
--> 17 | 5.5 | x

INSERT INTO s (id, i) VALUES (9, TRUE), (10, 9223372036854775807);

INSERT INTO s (id, i) VALUES (11, 9223372036854775808);
--! cannot store REAL value in INT column s.i
