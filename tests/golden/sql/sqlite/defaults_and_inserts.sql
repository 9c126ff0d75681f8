-- DEFAULTs, INSERT in its forms, and what is filled in
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 5, b TEXT DEFAULT 'none', c REAL DEFAULT (1.0 + 2), d TEXT DEFAULT NULL, e INTEGER NOT NULL DEFAULT -1, f TEXT DEFAULT (upper('x') || 'y'));

INSERT INTO t (id) VALUES (1) RETURNING *;
--> id | a | b | c | d | e | f
--> 1 | 5 | none | 3.0 | NULL | -1 | Xy

INSERT INTO t VALUES (2, NULL, NULL, NULL, NULL, 0, NULL) RETURNING *;
--> id | a | b | c | d | e | f
--> 2 | NULL | NULL | NULL | NULL | 0 | NULL

INSERT INTO t (id, e) VALUES (3, NULL);
--! NOT NULL constraint failed: t.e

INSERT INTO t (id, a) SELECT 4, a + 1 FROM t WHERE id = 1 RETURNING id, a, b;
--> id | a | b
--> 4 | 6 | none

INSERT INTO t (a, id) VALUES (50, 5), (60, 6);

INSERT INTO t (id, b) VALUES (7, DEFAULT);
--! near "DEFAULT": syntax error
--~! no such column: DEFAULT

INSERT INTO t (id, id) VALUES (8, 9);

INSERT INTO t VALUES (8);
--! table t has 7 columns but 1 values were supplied

INSERT INTO t (id, a) VALUES (8);
--! 1 values for 2 columns

INSERT INTO t (id, nothing_there) VALUES (8, 1);
--! table t has no column named nothing_there

SELECT id, a, b, c, e FROM t ORDER BY id;
--> id | a | b | c | e
--> 1 | 5 | none | 3.0 | -1
--> 2 | NULL | NULL | NULL | 0
--> 4 | 6 | none | 3.0 | -1
--> 5 | 50 | none | 3.0 | -1
--> 6 | 60 | none | 3.0 | -1
--> 9 | 5 | none | 3.0 | -1

CREATE TABLE u (x INTEGER DEFAULT 7, y TEXT DEFAULT 'z');

INSERT INTO u DEFAULT VALUES;

INSERT INTO u DEFAULT VALUES RETURNING x, y;
--> x | y
--> 7 | z

INSERT INTO u (y) VALUES ('only y') RETURNING x;
--> x
--> 7

INSERT INTO u SELECT x + 1, y FROM u WHERE y = 'only y' RETURNING x, y;
--> x | y
--> 8 | only y

INSERT INTO u VALUES (1, 2), (3, 'four');

SELECT x, y, typeof(y) AS type FROM u ORDER BY x, y;
--> x | y | type
--> 1 | 2 | text
--> 3 | four | text
--> 7 | only y | text
--> 7 | z | text
--> 7 | z | text
--> 8 | only y | text

INSERT INTO u (x) VALUES (1 + 1), ((SELECT max(x) FROM u)), (length('abc'));

SELECT count(*) AS n, sum(x) AS sum FROM u;
--> n | sum
--> 9 | 46

CREATE TABLE bad (x INTEGER DEFAULT (y), y INTEGER);
--! default value of column [x] is not constant
--~! cannot use column reference in DEFAULT expression

CREATE TABLE worded (x TEXT DEFAULT y);
--~! cannot use column reference in DEFAULT expression

INSERT INTO worded DEFAULT VALUES RETURNING x;
--> x
--> y
--~! no such table: worded

CREATE TABLE bad (x INTEGER DEFAULT (SELECT 1));
--! near "SELECT": syntax error
--~

CREATE TABLE signed (x INTEGER DEFAULT +3, y INTEGER DEFAULT -3, z TEXT DEFAULT '41');

INSERT INTO signed (x) VALUES (1) RETURNING y, typeof(y) AS type;
--> y | type
--> -3 | integer

INSERT INTO main.u (x) VALUES (100) RETURNING x;
--> x
--> 100

INSERT INTO u (x, y) VALUES (5, 'a'), (6, 'b', 'c');
--! all VALUES must have the same number of terms
