-- PRAGMAs that tell of tables and of the store, as statements and as table functions
-- oracle: sqlite

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT DEFAULT 'UK', score REAL DEFAULT 1.5);

CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, symbol VARCHAR(12), price DECIMAL(10,2) DEFAULT 0, placed TEXT DEFAULT CURRENT_TIMESTAMP);

CREATE TABLE positions (account INTEGER, symbol TEXT, quantity INTEGER DEFAULT 0, PRIMARY KEY (account, symbol));

CREATE TABLE fills (id INTEGER PRIMARY KEY, account INTEGER, symbol TEXT, FOREIGN KEY (account, symbol) REFERENCES positions (account, symbol) ON UPDATE CASCADE);

CREATE INDEX orders_symbol ON orders (symbol, price DESC);

CREATE UNIQUE INDEX users_name ON users (name COLLATE NOCASE) WHERE country IS NOT NULL;

CREATE VIEW big AS SELECT id, symbol FROM orders WHERE price > 100;

PRAGMA table_info(users);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | id | INTEGER | 0 | NULL | 1
--> 1 | name | TEXT | 1 | NULL | 0
--> 2 | country | TEXT | 0 | 'UK' | 0
--> 3 | score | REAL | 0 | 1.5 | 0

PRAGMA table_info('orders');
--> cid | name | type | notnull | dflt_value | pk
--> 0 | id | INTEGER | 0 | NULL | 1
--> 1 | user_id | INTEGER | 1 | NULL | 0
--> 2 | symbol | VARCHAR(12) | 0 | NULL | 0
--> 3 | price | DECIMAL(10,2) | 0 | 0 | 0
--> 4 | placed | TEXT | 0 | CURRENT_TIMESTAMP | 0
--~> cid | name | type | notnull | dflt_value | pk
--~> 0 | id | INTEGER | 0 | NULL | 1
--~> 1 | user_id | INTEGER | 1 | NULL | 0
--~> 2 | symbol | VARCHAR(12) | 0 | NULL | 0
--~> 3 | price | DECIMAL(10,2) | 0 | 0.00 | 0
--~> 4 | placed | TEXT | 0 | CURRENT_TIMESTAMP | 0

PRAGMA table_info(positions);
--> cid | name | type | notnull | dflt_value | pk
--> 0 | account | INTEGER | 0 | NULL | 1
--> 1 | symbol | TEXT | 0 | NULL | 2
--> 2 | quantity | INTEGER | 0 | 0 | 0
--~> cid | name | type | notnull | dflt_value | pk
--~> 0 | account | INTEGER | 1 | NULL | 1
--~> 1 | symbol | TEXT | 1 | NULL | 2
--~> 2 | quantity | INTEGER | 0 | 0 | 0

PRAGMA table_xinfo(users);
--> cid | name | type | notnull | dflt_value | pk | hidden
--> 0 | id | INTEGER | 0 | NULL | 1 | 0
--> 1 | name | TEXT | 1 | NULL | 0 | 0
--> 2 | country | TEXT | 0 | 'UK' | 0 | 0
--> 3 | score | REAL | 0 | 1.5 | 0 | 0

PRAGMA table_info(missing);
--> cid | name | type | notnull | dflt_value | pk

SELECT name, pk FROM pragma_table_info('positions') ORDER BY cid;
--> name | pk
--> account | 1
--> symbol | 2
--> quantity | 0

SELECT name FROM pragma_table_info('big');
--> name
--> id
--> symbol

SELECT name, type, ncol FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' ORDER BY name;
--> name | type | ncol
--> big | view | 2
--> fills | table | 3
--> orders | table | 5
--> positions | table | 3
--> users | table | 4

SELECT m.name, p.name, p.type FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p WHERE m.type = 'table' AND m.name = 'fills' ORDER BY p.cid;
--> name | name | type
--> fills | id | INTEGER
--> fills | account | INTEGER
--> fills | symbol | TEXT

PRAGMA index_list(users);
--> seq | name | unique | origin | partial
--> 0 | users_name | 1 | c | 1

PRAGMA index_list(orders);
--> seq | name | unique | origin | partial
--> 0 | orders_symbol | 0 | c | 0
--~> seq | name | unique | origin | partial
--~> 0 | orders_symbol | 0 | c | 0
--~> 1 | orders_user_id_fkey_index | 0 | c | 0

PRAGMA index_list(positions);
--> seq | name | unique | origin | partial
--> 0 | sqlite_autoindex_positions_1 | 1 | pk | 0

PRAGMA index_info(orders_symbol);
--> seqno | cid | name
--> 0 | 2 | symbol
--> 1 | 3 | price

PRAGMA index_xinfo(users_name);
--> seqno | cid | name | desc | coll | key
--> 0 | 1 | name | 0 | NOCASE | 1
--> 1 | -1 | NULL | 0 | BINARY | 0

PRAGMA foreign_key_list(orders);
--> id | seq | table | from | to | on_update | on_delete | match
--> 0 | 0 | users | user_id | id | NO ACTION | CASCADE | NONE

PRAGMA foreign_key_list(fills);
--> id | seq | table | from | to | on_update | on_delete | match
--> 0 | 0 | positions | account | account | CASCADE | NO ACTION | NONE
--> 0 | 1 | positions | symbol | symbol | CASCADE | NO ACTION | NONE

PRAGMA foreign_key_check;
--> table | rowid | parent | fkid

PRAGMA user_version;
--> user_version
--> 0

PRAGMA user_version = 7;

PRAGMA user_version;
--> user_version
--> 7

PRAGMA application_id = 1234;

SELECT application_id FROM pragma_application_id;
--> application_id
--> 1234

PRAGMA page_size;
--> page_size
--> 4096

PRAGMA encoding;
--> encoding
--> UTF-8

PRAGMA integrity_check;
--> integrity_check
--> ok

PRAGMA quick_check;
--> quick_check
--> ok

PRAGMA busy_timeout = 3000;
--> timeout
--> 3000

PRAGMA busy_timeout;
--> timeout
--> 3000

PRAGMA temp_store;
--> temp_store
--> 0

PRAGMA synchronous;
--> synchronous
--> 2

PRAGMA locking_mode;
--> locking_mode
--> normal

PRAGMA recursive_triggers;
--> recursive_triggers
--> 0

PRAGMA defer_foreign_keys;
--> defer_foreign_keys
--> 0

PRAGMA freelist_count;
--> freelist_count
--> 0

PRAGMA auto_vacuum;
--> auto_vacuum
--> 0

PRAGMA optimize;
--> optimize
--~

PRAGMA case_sensitive_like = 0;

PRAGMA nothing_of_the_kind;

PRAGMA nothing_of_the_kind = 3;

SELECT seq, name FROM pragma_database_list;
--> seq | name
--> 0 | main
--> 1 | temp
--~> seq | name
--~> 0 | main

SELECT name FROM pragma_collation_list ORDER BY name;
--> name
--> BINARY
--> NOCASE
--> RTRIM

SELECT count(*) > 100 FROM pragma_function_list;
--> count(*) > 100
--> 1
