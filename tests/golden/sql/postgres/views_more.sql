-- Views: columns, replacement, renaming
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 'x'), (2, 'y');

CREATE VIEW v AS SELECT a, b FROM t WHERE a > 1;

CREATE VIEW named (p, q) AS SELECT a, b FROM t;

SELECT p FROM named ORDER BY p;
--> p
--> 1
--> 2

CREATE VIEW v AS SELECT 1 AS x;
--! 42P07: relation "v" already exists

CREATE OR REPLACE VIEW v AS SELECT a, b, a * 2 AS c FROM t;

SELECT * FROM v ORDER BY a;
--> a | b | c
--> 1 | x | 2
--> 2 | y | 4

CREATE OR REPLACE VIEW v AS SELECT a FROM t;
--! 42P16: cannot drop columns from view

CREATE OR REPLACE VIEW v AS SELECT a AS z, b, a * 2 AS c FROM t;
--! 42P16: cannot change name of view column "a" to "z"

CREATE VIEW star AS SELECT * FROM t;

ALTER TABLE t ADD COLUMN c INTEGER;

SELECT * FROM star ORDER BY a;
--> a | b
--> 1 | x
--> 2 | y
--~> a | b | c
--~> 1 | x | NULL
--~> 2 | y | NULL

ALTER VIEW star RENAME TO seen;

SELECT count(*) FROM seen;
--> count
--> 2

CREATE VIEW bad AS SELECT 1, 2;
--! 42701: column "?column?" specified more than once

CREATE VIEW bad AS SELECT nothing FROM t;
--! 42703: column "nothing" does not exist

CREATE VIEW t AS SELECT 1 AS x;
--! 42P07: relation "t" already exists

CREATE TEMP VIEW tv AS SELECT 1 AS x;

SELECT x FROM tv;
--> x
--> 1

DROP VIEW seen, v;

DROP VIEW IF EXISTS seen;
