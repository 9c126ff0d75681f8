-- Columns that share a name: in subqueries, views and tables made of queries; names of the row id
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE a (x INTEGER, y TEXT);

CREATE TABLE b (x INTEGER, z TEXT);

INSERT INTO a VALUES (1, 'a1');

INSERT INTO b VALUES (1, 'b1');

SELECT * FROM a, b WHERE a.x = b.x;
--> x | y | x | z
--> 1 | a1 | 1 | b1

SELECT * FROM (SELECT * FROM a, b WHERE a.x = b.x);
--> x | y | x:1 | z
--> 1 | a1 | 1 | b1

SELECT * FROM (SELECT a.x, b.x FROM a, b WHERE a.x = b.x);
--> x | x:1
--> 1 | 1

SELECT x FROM (SELECT a.x, b.x FROM a, b WHERE a.x = b.x);
--> x
--> 1

SELECT "x:1" + 1 AS next FROM (SELECT a.x, b.x FROM a, b WHERE a.x = b.x);
--> next
--> 2

SELECT * FROM (SELECT x AS p, y AS p FROM a);
--> p | p:1
--> 1 | a1

SELECT p FROM (SELECT x AS p, y AS p FROM a);
--> p
--> 1

SELECT * FROM (SELECT 1, 2, 1 + 1);
--> 1 | 2 | 1 + 1
--> 1 | 2 | 2

SELECT "1 + 1" FROM (SELECT 1, 2, 1 + 1);
--> 1 + 1
--> 2

SELECT "max(x)", n FROM (SELECT max(x), count(*) AS n FROM a);
--> max(x) | n
--> 1 | 1

CREATE VIEW v AS SELECT a.x, b.x, a.x + b.x, upper(y) FROM a, b;

SELECT * FROM v;
--> x | x:1 | a.x + b.x | upper(y)
--> 1 | 1 | 2 | A1

SELECT name FROM pragma_table_info('v') ORDER BY cid;
--> name
--> x
--> x:1
--> a.x + b.x
--> upper(y)
--~> name
--~> x
--~> x
--~> a.x + b.x
--~> upper(y)

CREATE TABLE c AS SELECT a.x, b.x, y || z FROM a, b WHERE a.x = b.x;

SELECT name FROM pragma_table_info('c') ORDER BY cid;
--> name
--> x
--> x:1
--> y || z

WITH t AS (SELECT a.x, b.x FROM a, b) SELECT count(*) AS n, sum(x) AS sum FROM t;
--> n | sum
--> 1 | 1

SELECT rowid, _rowid_, oid, a.rowid FROM a LIMIT 0;
--> rowid | rowid | rowid | rowid

SELECT rowid = _rowid_ AS same, oid = a.rowid AS too FROM a;
--> same | too
--> 1 | 1

SELECT t.x FROM a t, b t;
--! ambiguous column name: t.x
--~> x
--~> 1

SELECT * FROM a AS t (p, q);
--! near "(": syntax error
--~> p | q
--~> 1 | a1

SELECT x AS y, y AS x FROM a WHERE x = 1;
--> y | x
--> 1 | a1

SELECT A.X, Y AS "Y", [x], `y`, "x" FROM a;
--> x | Y | x | y | x
--> 1 | a1 | 1 | a1 | 1

SELECT x+1, x + 1, x  +  1, (x), -x, CAST(x AS TEXT) FROM a;
--> x+1 | x + 1 | x  +  1 | x | -x | CAST(x AS TEXT)
--> 2 | 2 | 2 | 1 | -1 | 1

SELECT SUM(x), sum( x ), Count(*) FROM a;
--> SUM(x) | sum( x ) | Count(*)
--> 1 | 1 | 1

SELECT a.x, main.a.x, x AS x FROM a;
--> x | x | x
--> 1 | 1 | 1

SELECT x, a.*, * FROM a;
--> x | x | y | x | y
--> 1 | 1 | a1 | 1 | a1
