-- What is wrong is said
-- oracle: sqlite
-- chapter: errors

SELECT nothing;
--! near "nothing": syntax error

SELECT * FROM nowhere;
--! no such table: nowhere

SELEC 1;
--! near "SELEC": syntax error

SELECT 1 FROM;
--! near ";": syntax error

CREATE TABLE t (a INTEGER, a INTEGER);
--! duplicate column name: a

CREATE TABLE u (x INTEGER);

CREATE TABLE u (x INTEGER);
--! table u already exists

CREATE TABLE IF NOT EXISTS u (x INTEGER);

DROP TABLE nowhere;
--! no such table: nowhere

DROP TABLE IF EXISTS nowhere;

SELECT x FROM u a, u b;
--! ambiguous column name: x

SELECT sum(x), y FROM u;
--! no such column: y

SELECT unknown_function(1);
--! no such function: unknown_function
