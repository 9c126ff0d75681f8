-- sqlite_schema
-- oracle: sqlite
-- chapter: catalogs

CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE);

CREATE INDEX i ON t (b, a);

CREATE VIEW v AS SELECT a FROM t;

SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name;
--> type | name | tbl_name | sql
--> index | i | t | CREATE INDEX i ON t (b, a)
--> table | t | t | CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE)
--> view | v | v | CREATE VIEW v AS SELECT a FROM t

SELECT name FROM sqlite_master WHERE type = 'table';
--> name
--> t

SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_autoindex%';
--> count(*)
--> 1
--~> count(*)
--~> 0

SELECT name FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL;
--> name
--> i

INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5);
--! table sqlite_master may not be modified

DELETE FROM sqlite_schema;
--! table sqlite_master may not be modified

CREATE TEMP TABLE hidden (x);

SELECT name FROM sqlite_temp_schema;
--> name
--> hidden

ALTER TABLE t RENAME COLUMN b TO c;

SELECT sql FROM sqlite_schema WHERE name IN ('t', 'i') ORDER BY name;
--> sql
--> CREATE INDEX i ON t (c, a)
--> CREATE TABLE t (a INTEGER PRIMARY KEY, c TEXT UNIQUE)
--~> sql
--~> CREATE INDEX i ON t (c, a)
--~> CREATE TABLE t (a INTEGER PRIMARY KEY, c TEXT, UNIQUE (c))

DROP TABLE t;

SELECT name FROM sqlite_schema;
--> name
--> v
