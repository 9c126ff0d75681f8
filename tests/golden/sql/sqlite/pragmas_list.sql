-- PRAGMAs that tell of tables
-- oracle: sqlite
-- chapter: catalogs

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x', b REAL);

CREATE INDEX t_a ON t (a, b DESC);

CREATE UNIQUE INDEX t_b ON t (b) WHERE b > 0;

PRAGMA table_info(t);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | id | INTEGER | 0 | NULL | 1
--> 1 | a | TEXT | 1 | 'x' | 0
--> 2 | b | REAL | 0 | NULL | 0

PRAGMA table_xinfo('t');
--> cid | name | type | notnull | dflt_value | pk | hidden
--> 0 | id | INTEGER | 0 | NULL | 1 | 0
--> 1 | a | TEXT | 1 | 'x' | 0 | 0
--> 2 | b | REAL | 0 | NULL | 0 | 0

PRAGMA index_list(t);
--> seq | name | unique | origin | partial
--> 0 | t_b | 1 | c | 1
--> 1 | t_a | 0 | c | 0

PRAGMA index_info(t_a);
--> seqno | cid | name
--> 0 | 1 | a
--> 1 | 2 | b

PRAGMA index_xinfo(t_a);
--> seqno | cid | name | desc | coll | key
--> 0 | 1 | a | 0 | BINARY | 1
--> 1 | 2 | b | 1 | BINARY | 1
--> 2 | -1 | NULL | 0 | BINARY | 0

PRAGMA table_info(no_such);
--> cid | name | type | notnull | dflt_value | pk

PRAGMA foreign_keys;
--> foreign_keys
--> 1

PRAGMA user_version;
--> user_version
--> 0

PRAGMA user_version = 7;

PRAGMA user_version;
--> user_version
--> 7

PRAGMA application_id;
--> application_id
--> 0

PRAGMA nothing_known;

PRAGMA encoding;
--> encoding
--> UTF-8

PRAGMA integrity_check;
--> integrity_check
--> ok

PRAGMA quick_check;
--> quick_check
--> ok

PRAGMA collation_list;
--> seq | name
--> 0 | RTRIM
--> 1 | NOCASE
--> 2 | BINARY

SELECT name, type, ncol, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = 't';
--> name | type | ncol | wr | strict
--> t | table | 3 | 0 | 0

SELECT count(*) > 20 FROM pragma_function_list;
--> count(*) > 20
--> 1
