-- ALTER VIEW, CREATE OR REPLACE and WITH CHECK OPTION of views
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);

INSERT INTO t VALUES (1, 'x'), (2, 'y');

CREATE VIEW v AS SELECT a, b FROM t;

ALTER VIEW v RENAME COLUMN b TO label;

SELECT label FROM v ORDER BY a;
--> label
--> x
--> y

ALTER VIEW v RENAME COLUMN nothing TO x;
--! 42703: column "nothing" does not exist

ALTER VIEW v RENAME COLUMN label TO a;
--! 42701: column "a" of relation "v" already exists

ALTER VIEW v RENAME TO w;

SELECT count(*) FROM w;
--> count
--> 2

SELECT count(*) FROM v;
--! 42P01: relation "v" does not exist

ALTER VIEW v RENAME TO z;
--! 42P01: relation "v" does not exist

ALTER VIEW IF EXISTS v RENAME TO z;

ALTER VIEW w RENAME TO t;
--! 42P07: relation "t" already exists

ALTER VIEW t RENAME TO z;
--! 42809: "t" is not a view

CREATE OR REPLACE VIEW w AS SELECT a, b AS label, a * 2 AS twice FROM t;

SELECT * FROM w ORDER BY a;
--> a | label | twice
--> 1 | x | 2
--> 2 | y | 4

CREATE OR REPLACE VIEW w AS SELECT a::text AS a, b AS label, a * 2 AS twice FROM t;
--! 42P16: cannot change data type of view column "a" from integer to text

CREATE OR REPLACE VIEW w AS SELECT a, b AS other, a * 2 AS twice FROM t;
--! 42P16: cannot change name of view column "label" to "other"

CREATE SCHEMA elsewhere;

ALTER VIEW w SET SCHEMA elsewhere;

SELECT twice FROM elsewhere.w ORDER BY 1;
--> twice
--> 2
--> 4

ALTER VIEW elsewhere.w SET SCHEMA nowhere;
--! 3F000: schema "nowhere" does not exist

DROP SCHEMA elsewhere CASCADE;
