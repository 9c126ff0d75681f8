-- What programs ask about tables
-- oracle: sqlite
-- chapter: catalogs

CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x', price REAL);

CREATE UNIQUE INDEX t_name ON t (name);

PRAGMA table_info(t);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | id | INTEGER | 0 | NULL | 1
--> 1 | name | TEXT | 1 | 'x' | 0
--> 2 | price | REAL | 0 | NULL | 0

PRAGMA index_list(t);
--> seq | name | unique | origin | partial
--> 0 | t_name | 1 | c | 0

PRAGMA index_info(t_name);
--> seqno | cid | name
--> 0 | 1 | name

SELECT type, name, tbl_name FROM sqlite_master ORDER BY name;
--> type | name | tbl_name
--> table | t | t
--> index | t_name | t

PRAGMA foreign_keys;
--> foreign_keys
--> 1

PRAGMA user_version;
--> user_version
--> 0
