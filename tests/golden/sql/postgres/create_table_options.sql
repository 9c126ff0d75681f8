-- CREATE TABLE: defaults, IF NOT EXISTS, what is wrong
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER DEFAULT 1 + 1, name TEXT DEFAULT upper('x'), d DATE DEFAULT '2024-01-01', a INTEGER[] DEFAULT '{1}');

INSERT INTO t DEFAULT VALUES RETURNING *;
--> id | name | d | a
--> 2 | X | 2024-01-01 | {1}

CREATE TABLE t (id INTEGER);
--! 42P07: relation "t" already exists

CREATE TABLE IF NOT EXISTS t (other TEXT);

CREATE TABLE e ();
--~! 0A000: a table without columns is not supported

SELECT count(*) FROM e;
--> count
--> 0
--~! 42P01: relation "e" does not exist

CREATE TABLE u (id INTEGER, id TEXT);
--! 42701: column "id" specified more than once

CREATE TABLE u (id NOTHING);
--! 42704: type "nothing" does not exist

CREATE TABLE u (id INTEGER DEFAULT 'x');
--! 22P02: invalid input syntax for type integer: "x"

CREATE TABLE u (id INTEGER, b INTEGER DEFAULT id);
--! 0A000: cannot use column reference in DEFAULT expression

CREATE TABLE w (id INTEGER DEFAULT (SELECT 1));
--! 0A000: cannot use subquery in DEFAULT expression

CREATE TABLE u1 (id INTEGER DEFAULT 1 DEFAULT 2);
--! 42601: multiple default values specified for column "id" of table "u1"

CREATE TABLE u2 (id INTEGER PRIMARY KEY, b INTEGER PRIMARY KEY);
--! 42P16: multiple primary keys for table "u2" are not allowed

CREATE TABLE u3 (id INTEGER NULL NOT NULL);
--! 42601: conflicting NULL/NOT NULL declarations for column "id" of table "u3"

CREATE TABLE u (a INTEGER, PRIMARY KEY (a, a));
--! 42701: column "a" appears twice in primary key constraint

CREATE TABLE u (a INTEGER, PRIMARY KEY (b));
--! 42703: column "b" named in key does not exist

CREATE TABLE u (a INTEGER, CHECK (b > 1));
--! 42703: column "b" does not exist

CREATE TABLE u (a INTEGER, CHECK (sum(a) > 1));
--! 42803: aggregate functions are not allowed in check constraints

CREATE TABLE u (a INTEGER, CHECK (a > (SELECT 1)));
--! 0A000: cannot use subquery in check constraint

CREATE TABLE nowhere.u (a INTEGER);
--! 3F000: schema "nowhere" does not exist

CREATE TABLE x (tableoid INTEGER);
--! 42701: column name "tableoid" conflicts with a system column name

CREATE UNLOGGED TABLE y (a INTEGER);
