-- PRAGMAs that programs ask: columns, keys, indexes, versions, checks
-- oracle: sqlite
-- chapter: catalogs

CREATE TABLE desks (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, made TEXT DEFAULT '2024-01-01');

CREATE TABLE books (desk INTEGER REFERENCES desks (id) ON DELETE CASCADE, code TEXT COLLATE NOCASE, size REAL DEFAULT 0.5, PRIMARY KEY (desk, code));

CREATE INDEX books_size ON books (size DESC, code);

CREATE VIEW large AS SELECT desk, code FROM books WHERE size > 1;

PRAGMA table_info(desks);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | id | INTEGER | 0 | NULL | 1
--> 1 | name | TEXT | 1 | NULL | 0
--> 2 | made | TEXT | 0 | '2024-01-01' | 0

PRAGMA table_info(books);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | desk | INTEGER | 0 | NULL | 1
--> 1 | code | TEXT | 0 | NULL | 2
--> 2 | size | REAL | 0 | 0.5 | 0

PRAGMA table_info(nowhere);
--> cid | name | type | notnull | dflt_value | pk

SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('books') ORDER BY cid;
--> name | type | notnull | dflt_value | pk
--> desk | INTEGER | 0 | NULL | 1
--> code | TEXT | 0 | NULL | 2
--> size | REAL | 0 | 0.5 | 0

SELECT name, "unique", origin FROM pragma_index_list('books') ORDER BY name;
--> name | unique | origin
--> books_size | 0 | c
--> sqlite_autoindex_books_1 | 1 | pk

SELECT name, "unique", origin FROM pragma_index_list('desks') ORDER BY name;
--> name | unique | origin
--> sqlite_autoindex_desks_1 | 1 | u
--~> name | unique | origin
--~> desks_name_key | 1 | u

SELECT seqno, name FROM pragma_index_info('books_size') ORDER BY seqno;
--> seqno | name
--> 0 | size
--> 1 | code

SELECT seqno, name, "desc", coll, key FROM pragma_index_xinfo('books_size') WHERE key ORDER BY seqno;
--> seqno | name | desc | coll | key
--> 0 | size | 1 | BINARY | 1
--> 1 | code | 0 | NOCASE | 1

SELECT "from", "to", "table", on_delete FROM pragma_foreign_key_list('books');
--> from | to | table | on_delete
--> desk | id | desks | CASCADE

SELECT m.name, p.name AS column_name FROM sqlite_schema m, pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, 2;
--> name | column_name
--> books | code
--> books | desk
--> books | size
--> desks | id
--> desks | made
--> desks | name

SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name;
--> type | name | tbl_name
--> index | books_size | books
--> table | books | books
--> table | desks | desks
--> view | large | large
--~> type | name | tbl_name
--~> index | books_size | books
--~> index | desks_name_key | desks
--~> table | books | books
--~> table | desks | desks
--~> view | large | large

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

PRAGMA foreign_keys = 1;

PRAGMA foreign_keys;
--> foreign_keys
--> 1

PRAGMA foreign_keys = off;
--~! foreign keys cannot be switched off: rows are held to them, and CASCADE and SET NULL change further ones

PRAGMA foreign_keys;
--> foreign_keys
--> 0
--~> foreign_keys
--~> 1

PRAGMA encoding;
--> encoding
--> UTF-8

PRAGMA integrity_check;
--> integrity_check
--> ok

PRAGMA quick_check;
--> quick_check
--> ok

PRAGMA no_such_pragma;

PRAGMA case_sensitive_like = 1;
--~! LIKE compares ASCII letters without case: there is no other choice

SELECT 'a' LIKE 'A' AS sensitive;
--> sensitive
--> 0
--~> sensitive
--~> 1

PRAGMA compile_options_of_none;

SELECT count(*) > 5 AS some FROM pragma_pragma_list;
--> some
--> 1

SELECT name FROM pragma_collation_list ORDER BY name;
--> name
--> BINARY
--> NOCASE
--> RTRIM

SELECT count(*) > 100 AS many FROM pragma_function_list;
--> many
--> 1
