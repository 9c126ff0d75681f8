-- Temporary views and sequences
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (a INTEGER);

INSERT INTO t VALUES (1), (2);

CREATE TEMPORARY VIEW v AS SELECT a * 10 AS ten FROM t;

SELECT * FROM v ORDER BY 1;
--> ten
--> 10
--> 20

CREATE VIEW v AS SELECT 'permanent' AS kind;

SELECT count(*) FROM v;
--> count
--> 2

DROP VIEW v;

SELECT * FROM v;
--> kind
--> permanent

DROP VIEW v;

CREATE TEMP VIEW pg_temp.w AS SELECT 1 AS x;

SELECT x FROM pg_temp.w;
--> x
--> 1

CREATE TEMP VIEW information_schema.w AS SELECT 1;
--! 42P16: cannot create temporary relation in non-temporary schema

CREATE OR REPLACE TEMP VIEW w AS SELECT 2 AS x;

SELECT x FROM w;
--> x
--> 2

BEGIN;

CREATE TEMP VIEW gone AS SELECT 1 AS x;

ROLLBACK;

SELECT * FROM gone;
--! 42P01: relation "gone" does not exist

CREATE TEMP SEQUENCE s START 5;

SELECT nextval('s'), nextval('s');
--> nextval | nextval
--> 5 | 6

SELECT currval('pg_temp.s');
--> currval
--> 6

DISCARD TEMP;

SELECT * FROM w;
--! 42P01: relation "w" does not exist

SELECT nextval('s');
--! 42P01: relation "s" does not exist
