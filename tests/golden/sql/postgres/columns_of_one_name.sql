-- Columns that share a name, and what they are called in subqueries, views and tables made of queries
-- oracle: postgres
-- chapter: expressions

CREATE TABLE a (x INTEGER, y TEXT);

CREATE TABLE b (x INTEGER, z TEXT);

INSERT INTO a VALUES (1, 'a1');

INSERT INTO b VALUES (1, 'b1');

SELECT * FROM a, b WHERE a.x = b.x;
--> x | y | x | z
--> 1 | a1 | 1 | b1

SELECT * FROM (SELECT * FROM a, b WHERE a.x = b.x) s;
--> x | y | x | z
--> 1 | a1 | 1 | b1

SELECT x FROM (SELECT a.x, b.x FROM a, b WHERE a.x = b.x) s;
--! 42702: column reference "x" is ambiguous

SELECT s.z FROM (SELECT * FROM a, b WHERE a.x = b.x) s;
--> z
--> b1

SELECT * FROM (SELECT x AS p, y AS p FROM a) s;
--> p | p
--> 1 | a1

SELECT p FROM (SELECT x AS p, y AS p FROM a) s;
--! 42702: column reference "p" is ambiguous

SELECT * FROM (SELECT x AS p, y AS p FROM a) s(q, r);
--> q | r
--> 1 | a1

SELECT * FROM (SELECT 1, 2, 1 + 1, max(x), count(*) FROM a) s;
--> ?column? | ?column? | ?column? | max | count
--> 1 | 2 | 2 | 1 | 1

SELECT max, count FROM (SELECT max(x), count(*) FROM a) s;
--> max | count
--> 1 | 1

SELECT "?column?" FROM (SELECT 1) s;
--> ?column?
--> 1

SELECT "?column?" FROM (SELECT 1, 2) s;
--! 42702: column reference "?column?" is ambiguous

CREATE VIEW v AS SELECT a.x, b.x FROM a, b;
--! 42701: column "x" specified more than once

CREATE VIEW v AS SELECT a.x + b.x, upper(y) FROM a, b;

SELECT * FROM v;
--> ?column? | upper
--> 2 | A1

CREATE VIEW w AS SELECT 1, 2;
--! 42701: column "?column?" specified more than once

CREATE TABLE c AS SELECT a.x, b.x FROM a, b;
--! 42701: column "x" specified more than once

CREATE TABLE c AS SELECT a.x + b.x, upper(y), 'text' FROM a, b;
--! 42701: column "?column?" specified more than once

CREATE TABLE d (p, q) AS SELECT a.x, b.x FROM a, b;

SELECT * FROM d;
--> p | q
--> 1 | 1

CREATE TABLE e (p) AS SELECT x, y FROM a;

SELECT * FROM e;
--> p | y
--> 1 | a1

CREATE TABLE f (p, q, r) AS SELECT x, y FROM a;
--! 42601: too many column names were specified

WITH t AS (SELECT a.x, b.x FROM a, b) SELECT count(*) FROM t;
--> count
--> 1

WITH t AS (SELECT a.x, b.x FROM a, b) SELECT x FROM t;
--! 42702: column reference "x" is ambiguous

WITH t (p, p) AS (SELECT a.x, b.x FROM a, b) SELECT p FROM t;
--! 42702: column reference "p" is ambiguous

SELECT x FROM a UNION SELECT x + 1 AS other FROM b ORDER BY x;
--> x
--> 1
--> 2

SELECT x, a.x, a.x AS x, golden_x FROM (SELECT 1 AS x, 2 AS golden_x) a;
--> x | x | x | golden_x
--> 1 | 1 | 1 | 2

SELECT "X" FROM a;
--! 42703: column "X" does not exist
--~> X
--~> 1

SELECT X, "y", A."x" FROM a;
--> x | y | x
--> 1 | a1 | 1

SELECT (x), -x, x::text, CASE WHEN true THEN x END, coalesce(x, 0), (SELECT x), ARRAY[x], ROW(x), x IS NULL, NOT true, x + 1, x::text || 'a' FROM a;
--> x | ?column? | x | case | coalesce | x | array | row | ?column? | ?column? | ?column? | ?column?
--> 1 | -1 | 1 | 1 | 1 | 1 | {1} | (1) | f | f | 2 | 1a

SELECT date '2024-01-01', interval '1 day', true, NULL, 'a', 1.5, current_date IS NULL, EXISTS (SELECT), (ARRAY[1])[1], extract(year FROM date '2024-01-01'), trim(' a '), position('a' IN 'ba'), substring('abc' FROM 2), overlay('abc' PLACING 'x' FROM 1);
--> date | interval | ?column? | ?column? | ?column? | ?column? | ?column? | exists | array | extract | btrim | position | substring | overlay
--> 2024-01-01 | 1 day | t | NULL | a | 1.5 | f | t | 1 | 2024 | a | 2 | bc | xbc
