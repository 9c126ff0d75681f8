-- DROP: what depends, CASCADE and IF EXISTS
-- oracle: postgres
-- chapter: definitions

CREATE TABLE parent (id INTEGER PRIMARY KEY);

CREATE TABLE child (p INTEGER REFERENCES parent);

CREATE VIEW v AS SELECT id FROM parent;

CREATE VIEW w AS SELECT id FROM v;

DROP TABLE parent;
--! 2BP01: cannot drop table parent because other objects depend on it

DROP VIEW v;
--! 2BP01: cannot drop view v because other objects depend on it
--~

DROP TABLE nowhere;
--! 42P01: table "nowhere" does not exist

DROP TABLE IF EXISTS nowhere;

DROP VIEW parent;
--! 42809: "parent" is not a view

DROP TABLE v;
--! 42809: "v" is not a table
--~! 42P01: table "v" does not exist

DROP INDEX parent;
--! 42809: "parent" is not an index

DROP TABLE parent CASCADE;

SELECT * FROM w;
--! 42P01: relation "w" does not exist
--~! 42P01: relation "v" does not exist

INSERT INTO child VALUES (5);

DROP TABLE child, nowhere;
--! 42P01: table "nowhere" does not exist

SELECT count(*) FROM child;
--> count
--> 1

DROP TABLE child RESTRICT;

CREATE TYPE kind AS ENUM ('a');

CREATE TABLE t (k kind);

DROP TYPE kind;
--! 2BP01: cannot drop type kind because other objects depend on it

DROP SEQUENCE nowhere;
--! 42P01: sequence "nowhere" does not exist

DROP SCHEMA nowhere;
--! 3F000: schema "nowhere" does not exist
