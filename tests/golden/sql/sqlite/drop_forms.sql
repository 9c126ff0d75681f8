-- DROP
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (a);

CREATE INDEX i ON t (a);

CREATE VIEW v AS SELECT a FROM t;

DROP TABLE nowhere;
--! no such table: nowhere

DROP TABLE IF EXISTS nowhere;

DROP INDEX nowhere;
--! no such index: nowhere

DROP VIEW nowhere;
--! no such view: nowhere

DROP TABLE v;
--! use DROP VIEW to delete view v

DROP VIEW t;
--! use DROP TABLE to delete table t

DROP TABLE sqlite_schema;
--! table sqlite_master may not be dropped

DROP TABLE t;

SELECT * FROM v;
--! no such table: main.t

SELECT count(*) FROM sqlite_schema WHERE name = 'i';
--> count(*)
--> 0

DROP VIEW v;

SELECT count(*) FROM sqlite_schema;
--> count(*)
--> 0
