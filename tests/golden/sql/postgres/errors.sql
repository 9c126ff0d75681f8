-- What is wrong is said
-- oracle: postgres
-- chapter: errors

SELECT nothing;
--! 42703: column "nothing" does not exist

SELECT * FROM nowhere;
--! 42P01: relation "nowhere" does not exist

SELEC 1;
--! 42601: syntax error at or near "SELEC"

SELECT 1 FROM;
--! 42601: syntax error at or near ";"

CREATE TABLE t (a INTEGER, a INTEGER);
--! 42701: column "a" specified more than once

CREATE TABLE u (x INTEGER);

CREATE TABLE u (x INTEGER);
--! 42P07: relation "u" already exists

CREATE TABLE IF NOT EXISTS u (x INTEGER);

DROP TABLE nowhere;
--! 42P01: table "nowhere" does not exist

DROP TABLE IF EXISTS nowhere;

SELECT x FROM u a, u b;
--! 42702: column reference "x" is ambiguous

SELECT sum(x), y FROM u;
--! 42703: column "y" does not exist

SELECT unknown_function(1);
--! 42883: function unknown_function(integer) does not exist
