-- Class 42: names that are not there, not unique, or not grouped by
-- oracle: postgres
-- chapter: errors

CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER);

CREATE TABLE u (id INTEGER, y INTEGER);

SELECT nothing FROM t;
--! 42703: column "nothing" does not exist

SELECT t.nothing FROM t;
--! 42703: column t.nothing does not exist

SELECT q.x FROM t;
--! 42P01: missing FROM-clause entry for table "q"

SELECT t.x FROM t AS q;
--! 42P01: invalid reference to FROM-clause entry for table "t"

SELECT id FROM t, u;
--! 42702: column reference "id" is ambiguous

SELECT * FROM nowhere;
--! 42P01: relation "nowhere" does not exist

SELECT * FROM nowhere.t;
--! 42P01: relation "nowhere.t" does not exist

SELECT t.* FROM u;
--! 42P01: missing FROM-clause entry for table "t"

SELECT x FROM t WHERE y = 1;
--! 42703: column "y" does not exist

SELECT x AS z FROM t WHERE z = 1;
--! 42703: column "z" does not exist

SELECT x AS z FROM t ORDER BY z + 1;
--! 42703: column "z" does not exist

SELECT x FROM t ORDER BY 2;
--! 42P10: ORDER BY position 2 is not in select list

SELECT x FROM t ORDER BY 'x';
--! 42601: non-integer constant in ORDER BY

SELECT x FROM t GROUP BY 2;
--! 42P10: GROUP BY position 2 is not in select list

SELECT x, count(*) FROM t;
--! 42803: column "t.x" must appear in the GROUP BY clause or be used in an aggregate function

SELECT x FROM t GROUP BY id % 2;
--! 42803: column "t.x" must appear in the GROUP BY clause or be used in an aggregate function

SELECT count(*) FROM t GROUP BY count(*);
--! 42803: aggregate functions are not allowed in GROUP BY

SELECT x FROM t WHERE count(*) > 1;
--! 42803: aggregate functions are not allowed in WHERE

SELECT sum(count(*)) FROM t;
--! 42803: aggregate function calls cannot be nested

SELECT sum(count(*)) OVER () FROM t;
--> sum
--> 0

SELECT x FROM t HAVING x > 1;
--! 42803: column "t.x" must appear in the GROUP BY clause or be used in an aggregate function

SELECT rank() OVER (ORDER BY x) FROM t WHERE rank() OVER (ORDER BY x) = 1;
--! 42P20: window functions are not allowed in WHERE

SELECT x FROM t GROUP BY rank() OVER ();
--! 42P20: window functions are not allowed in GROUP BY

SELECT DISTINCT x FROM t ORDER BY id;
--! 42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list

SELECT (SELECT id, x FROM t);
--! 42601: subquery must return only one column

SELECT 1 IN (SELECT id, x FROM t);
--! 42601: subquery has too many columns

SELECT * FROM (SELECT 1);
--! 42601: subquery in FROM must have an alias

SELECT * FROM (VALUES (1, 2)) AS v(a, b, c);
--! 42P10: table "v" has 2 columns available but 3 columns specified

SELECT * FROM t JOIN u USING (x);
--! 42703: column "x" specified in USING clause does not exist in right table

SELECT * FROM t a JOIN t a ON true;
--! 42712: table name "a" specified more than once

SELECT * FROM t JOIN u ON t.id = v.id;
--! 42P01: missing FROM-clause entry for table "v"

INSERT INTO t (id, nothing) VALUES (1, 2);
--! 42703: column "nothing" of relation "t" does not exist

INSERT INTO t (id, id) VALUES (1, 2);
--! 42701: column "id" specified more than once

INSERT INTO t (id) VALUES (1, 2);
--! 42601: INSERT has more expressions than target columns

INSERT INTO t (id, x) VALUES (1);
--! 42601: INSERT has more target columns than expressions

INSERT INTO t VALUES (1, 2, 3);
--! 42601: INSERT has more expressions than target columns

UPDATE t SET nothing = 1;
--! 42703: column "nothing" of relation "t" does not exist

UPDATE t SET x = u.y;
--! 42P01: missing FROM-clause entry for table "u"

DELETE FROM t WHERE u.id = 1;
--! 42P01: missing FROM-clause entry for table "u"

CREATE TABLE t (a INTEGER);
--! 42P07: relation "t" already exists

CREATE TABLE v (a INTEGER, a TEXT);
--! 42701: column "a" specified more than once

CREATE INDEX ON t (nothing);
--! 42703: column "nothing" does not exist

ALTER TABLE t ADD COLUMN x TEXT;
--! 42701: column "x" of relation "t" already exists

ALTER TABLE t DROP COLUMN nothing;
--! 42703: column "nothing" of relation "t" does not exist

DROP TABLE nowhere;
--! 42P01: table "nowhere" does not exist

DROP VIEW t;
--! 42809: "t" is not a view

WITH c AS (SELECT 1) SELECT * FROM d;
--! 42P01: relation "d" does not exist

WITH c (a, b) AS (SELECT 1) SELECT * FROM c;
--! 42P10: WITH query "c" has 1 columns available but 2 columns specified

TABLE nowhere;
--! 42P01: relation "nowhere" does not exist
