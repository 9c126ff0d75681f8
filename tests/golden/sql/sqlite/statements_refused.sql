-- Statements that SQLite does not take, and its words
-- oracle: sqlite
-- chapter: errors

SELECT * FROM nowhere;
--! no such table: nowhere

SELECT nothing_there FROM (SELECT 1 AS x);
--! no such column: nothing_there

SELECT x FROM (SELECT 1 AS x) AS a, (SELECT 2 AS x) AS b;
--! ambiguous column name: x

SELECT a.y FROM (SELECT 1 AS x) AS a;
--! no such column: a.y

SELECT unheard_of(1);
--! no such function: unheard_of

SELECT abs();
--! wrong number of arguments to function abs()

SELECT abs(1, 2);
--! wrong number of arguments to function abs()

SELECT max();
--! wrong number of arguments to function max()

SELECT count(1, 2);
--! wrong number of arguments to function count()

SELECT sum(1) OVER (ORDER BY 1) + nowhere;
--! no such column: nowhere

SELECT * FROM;
--! near ";": syntax error

SELECT;
--! near ";": syntax error

SELECT 1 FROM (SELECT 1;
--! near ";": syntax error
--~! near "SELECT": syntax error

SELECT 1 WHERE;
--! near ";": syntax error

SELECT 1 AS;
--! near ";": syntax error

SELECT 'abc;
--! unrecognized token: "'abc;"

SELECT CASE WHEN 1 THEN 2;
--! near ";": syntax error
--~! near "1": syntax error

SELECT 1 + ;
--! near ";": syntax error

INSERT INTO nowhere VALUES (1);
--! no such table: nowhere

CREATE TABLE t (x INTEGER, x TEXT);
--! duplicate column name: x

CREATE TABLE t (x INTEGER);

CREATE TABLE t (y INTEGER);
--! table t already exists

INSERT INTO t VALUES (1, 2);
--! table t has 1 columns but 2 values were supplied

INSERT INTO t (x, y) VALUES (1, 2);
--! table t has no column named y

INSERT INTO t (x) VALUES (1), (2, 3);
--! all VALUES must have the same number of terms

UPDATE t SET y = 1;
--! no such column: y

DELETE FROM t WHERE y = 1;
--! no such column: y

SELECT x FROM t GROUP BY count(*);
--! aggregate functions are not allowed in the GROUP BY clause

SELECT x FROM t WHERE count(*) > 1;
--! misuse of aggregate function count()

SELECT (SELECT 1, 2);
--! sub-select returns 2 columns - expected 1

SELECT 1 IN (SELECT 1, 2);
--! sub-select returns 2 columns - expected 1

SELECT 1 UNION SELECT 1, 2;
--! SELECTs to the left and right of UNION do not have the same number of result columns

SELECT * FROM t LIMIT x;
--! no such column: x

DROP TABLE nowhere;
--! no such table: nowhere

ALTER TABLE nowhere ADD COLUMN x;
--! no such table: nowhere

CREATE INDEX i ON nowhere (x);
--! no such table: main.nowhere

EXPLAIN SELECT nowhere;
--! no such column: nowhere
