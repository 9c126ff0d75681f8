-- rowid and its aliases
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (a TEXT);

INSERT INTO t (rowid, a) VALUES (5, 'x'), (7, 'y');
--~! table t has no column named rowid

SELECT rowid, oid, _rowid_, a FROM t ORDER BY rowid;
--> rowid | rowid | rowid | a
--> 5 | 5 | 5 | x
--> 7 | 7 | 7 | y
--~> rowid | rowid | rowid | a

UPDATE t SET rowid = 6 WHERE a = 'x';
--~! no such column: rowid

SELECT rowid, a FROM t ORDER BY rowid;
--> rowid | a
--> 6 | x
--> 7 | y
--~> rowid | a

SELECT a FROM t WHERE rowid = 7;
--> a
--> y
--~> a

DELETE FROM t WHERE rowid < 7;

SELECT count(*) FROM t;
--> count(*)
--> 1
--~> count(*)
--~> 0

CREATE TABLE p (id INTEGER PRIMARY KEY, a);

INSERT INTO p VALUES (10, 'z');

SELECT rowid, id FROM p;
--> id | id
--> 10 | 10

INSERT INTO p (rowid, a) VALUES (11, 'w');

SELECT id FROM p ORDER BY id;
--> id
--> 10
--> 11

CREATE TABLE shadow (rowid TEXT, a);

INSERT INTO shadow VALUES ('own', 1);

SELECT rowid, typeof(oid) FROM shadow;
--> rowid | typeof(oid)
--> own | integer

CREATE TABLE d (id INTEGER PRIMARY KEY DESC, a);

INSERT INTO d VALUES (NULL, 'x');

SELECT id IS NULL, rowid IS NULL FROM d;
--> id IS NULL | rowid IS NULL
--> 1 | 0
--~> id IS NULL | rowid IS NULL
--~> 0 | 0

CREATE VIEW v AS SELECT a FROM t;

SELECT rowid FROM v;
--! no such column: rowid

SELECT max(rowid) FROM t;
--> max(rowid)
--> 7
--~> max(rowid)
--~> NULL
