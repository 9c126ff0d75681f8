-- Names that are taken, and objects of the wrong kind
-- oracle: postgres
-- chapter: errors

CREATE TABLE t (a INTEGER);

CREATE TABLE t (a INTEGER);
--! 42P07: relation "t" already exists

CREATE VIEW t AS SELECT 1;
--! 42P07: relation "t" already exists

CREATE INDEX t ON t (a);
--! 42P07: relation "t" already exists

CREATE SEQUENCE t;
--! 42P07: relation "t" already exists

CREATE TYPE t AS ENUM ('a');
--! 42710: type "t" already exists

CREATE VIEW v AS SELECT 1 AS x;

CREATE INDEX ON v (x);
--! 42809: cannot create index on relation "v"

ALTER TABLE v ADD COLUMN y INTEGER;
--! 42809: ALTER action ADD COLUMN cannot be performed on relation "v"

DROP VIEW t;
--! 42809: "t" is not a view

DROP TABLE v;
--! 42809: "v" is not a table

DROP SEQUENCE t;
--! 42809: "t" is not a sequence

DROP TYPE t;
--! 2BP01: cannot drop type t because table t requires it

DROP INDEX t;
--! 42809: "t" is not an index

INSERT INTO v VALUES (1);
--! 55000: cannot insert into view "v"

ALTER SEQUENCE t RESTART;
--! 42809: "t" is not a sequence

SELECT nextval('v');
--! 42809: "v" is not a sequence

TRUNCATE v;
--! 42809: "v" is not a table

CREATE SCHEMA pg_x;
--! 42939: unacceptable schema name "pg_x"

ALTER TABLE t RENAME TO v;
--! 42P07: relation "v" already exists

ALTER TABLE t RENAME TO t;
--! 42P07: relation "t" already exists

DROP DOMAIN t;
--! 42809: "t" is not a domain

DROP SCHEMA IF EXISTS none;

DROP MATERIALIZED VIEW v;
--! 42809: "v" is not a materialized view

REFRESH MATERIALIZED VIEW t;
--! 0A000: "t" is not a materialized view
