-- Texts that are not SQL
-- oracle: sqlite
-- chapter: errors

SELECT * FORM t;
--! near "FORM": syntax error

SELECT;
--! near ";": syntax error

SELECT 1 2 3;
--! near "2": syntax error

SELECT (1;
--! near ";": syntax error

CREATE TABLE t (a,);
--! near ")": syntax error

INSERT INTO t;
--! near ";": syntax error

UPDATE t;
--! near ";": syntax error

DELETE t;
--! near "t": syntax error

SELECT 1 FROM (SELECT 2;
--! near ";": syntax error
--~! near "SELECT": syntax error

SELECT 1 WHERE;
--! near ";": syntax error

SELECT @;
--! unrecognized token: "@"

SELECT #1;
--! near "#1": syntax error
--~! near "#": syntax error

CREATE t;
--! near "t": syntax error

SELECT 1 UNION;
--! near ";": syntax error

DROP TABLE;
--! near ";": syntax error

BEGIN NOTHING;
--! near "NOTHING": syntax error

SELECT count(*) FILTER FROM t;
--! no such table: t

EXPLAIN;
--! near ";": syntax error

VALUES;
--! near ";": syntax error
