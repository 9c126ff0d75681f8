-- AUTOINCREMENT never gives an id again
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT);

INSERT INTO t VALUES (100, 'a');

DELETE FROM t;

INSERT INTO t (x) VALUES ('b');

SELECT id > 100 OR id <> 100 AS another FROM t;
--> another
--> 1

INSERT INTO t VALUES (NULL, 'c'), (NULL, 'd');

SELECT count(DISTINCT id), count(*) FROM t;
--> count(DISTINCT id) | count(*)
--> 3 | 3

CREATE TABLE bad (id TEXT PRIMARY KEY AUTOINCREMENT);
--! AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY

CREATE TABLE bad (id INTEGER AUTOINCREMENT);
--! near "AUTOINCREMENT": syntax error
--~

CREATE TABLE bad_int (id INT PRIMARY KEY AUTOINCREMENT);
--! AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY

SELECT name FROM sqlite_schema WHERE name = 'sqlite_sequence';
--> name
--> sqlite_sequence
--~> name
