-- DELETE and its RETURNING
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, g TEXT);

INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'a'), (4, NULL);

DELETE FROM t WHERE g = 'a' AND id > 1 RETURNING *;
--> id | g
--> 3 | a

DELETE FROM t WHERE g IS NULL RETURNING id AS gone;
--> gone
--> 4

DELETE FROM t AS x WHERE x.id = 99;

DELETE FROM t WHERE id IN (SELECT max(id) FROM t) RETURNING t.id;
--> id
--> 2

SELECT changes();
--> changes()
--> 1

DELETE FROM t LIMIT 1;
--! near "LIMIT": syntax error

DELETE FROM t RETURNING count(*);
--! misuse of aggregate function count()

DELETE FROM t;

SELECT changes(), total_changes() > 3;
--> changes() | total_changes() > 3
--> 1 | 1

SELECT count(*) FROM t;
--> count(*)
--> 0

DELETE FROM nowhere;
--! no such table: nowhere

DELETE t;
--! near "t": syntax error
