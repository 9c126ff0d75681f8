-- What PRAGMA table_info tells of keys and defaults
-- oracle: sqlite
-- chapter: catalogs

CREATE TABLE a (k INTEGER PRIMARY KEY, b BLOB DEFAULT x'ab', c REAL DEFAULT .5, d INT DEFAULT -0x1F, e TEXT NOT NULL DEFAULT 'it''s', f DEFAULT 1E3);

PRAGMA table_info(a);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | k | INTEGER | 0 | NULL | 1
--> 1 | b | BLOB | 0 | x'ab' | 0
--> 2 | c | REAL | 0 | .5 | 0
--> 3 | d | INT | 0 | -0x1F | 0
--> 4 | e | TEXT | 1 | 'it''s' | 0
--> 5 | f |  | 0 | 1E3 | 0

CREATE TABLE b (k INTEGER PRIMARY KEY, c) WITHOUT ROWID;

PRAGMA table_info(b);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | k | INTEGER | 1 | NULL | 1
--> 1 | c |  | 0 | NULL | 0

CREATE TABLE c (a INTEGER, b, PRIMARY KEY (b, a));

PRAGMA table_info(c);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | a | INTEGER | 0 | NULL | 2
--> 1 | b |  | 0 | NULL | 1

CREATE TABLE d (a INTEGER NOT NULL, b TEXT, c AS (a + 1), PRIMARY KEY (a, b)) WITHOUT ROWID;

ALTER TABLE d ADD COLUMN e BLOB DEFAULT X'0f';

PRAGMA table_info(d);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | a | INTEGER | 1 | NULL | 1
--> 1 | b | TEXT | 1 | NULL | 2
--> 2 | e | BLOB | 0 | X'0f' | 0

CREATE TABLE e (a INT PRIMARY KEY NOT NULL, b TEXT UNIQUE);

PRAGMA table_info(e);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | a | INT | 1 | NULL | 1
--> 1 | b | TEXT | 0 | NULL | 0

SELECT "unique", origin FROM pragma_index_list('e') ORDER BY origin;
--> unique | origin
--> 1 | pk
--> 1 | u
