-- sqlite_schema has the statements that make the store again
-- oracle: sqlite

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL,   country TEXT DEFAULT 'UK');

CREATE TABLE IF NOT EXISTS "my table" ("a b" TEXT, c);

CREATE INDEX users_country ON users (country);

CREATE VIEW british AS SELECT id FROM users WHERE country = 'UK';

SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name;
--> type | name | tbl_name
--> index | users_country | users
--> table | my table | my table
--> table | users | users
--> view | british | british

SELECT sql FROM sqlite_master WHERE name = 'users';
--> sql
--> CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL,   country TEXT DEFAULT 'UK')

SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1;
--> name
--> my table
--> users

SELECT sql FROM sqlite_schema WHERE name = 'users_country';
--> sql
--> CREATE INDEX users_country ON users (country)

SELECT sql FROM sqlite_schema WHERE type = 'view';
--> sql
--> CREATE VIEW british AS SELECT id FROM users WHERE country = 'UK'

SELECT count(*) FROM sqlite_temp_master;
--> count(*)
--> 0

SELECT rootpage > 0 FROM sqlite_schema WHERE name = 'users';
--> rootpage > 0
--> 1

SELECT EXISTS (SELECT 1 FROM main.sqlite_master WHERE name = 'my table');
--> EXISTS (SELECT 1 FROM main.sqlite_master WHERE name = 'my table')
--> 1

DROP VIEW british;

SELECT count(*) FROM sqlite_schema WHERE type = 'view';
--> count(*)
--> 0
