-- DELETE: USING, subqueries, RETURNING
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, g INTEGER);

CREATE TABLE u (g INTEGER);

INSERT INTO t SELECT n, n % 3 FROM generate_series(1, 9) n;

INSERT INTO u VALUES (0), (0);

DELETE FROM t USING u WHERE t.g = u.g AND t.id < 7 RETURNING t.id;
--> id
--> 3
--> 6

DELETE FROM t WHERE id = (SELECT max(id) FROM t) RETURNING *;
--> id | g
--> 9 | 0

DELETE FROM t AS x WHERE x.id = 8 RETURNING x.g;
--> g
--> 2

DELETE FROM t WHERE t.id IN (SELECT id FROM t WHERE g = 2) RETURNING id;
--> id
--> 2
--> 5

DELETE FROM t WHERE count(*) > 1;
--! 42803: aggregate functions are not allowed in WHERE

DELETE FROM t USING t AS o WHERE t.g = o.g AND t.id > o.id RETURNING t.id;
--> id
--> 4
--> 7

SELECT * FROM t ORDER BY id;
--> id | g
--> 1 | 1

DELETE t;
--! 42601: syntax error at or near "t"

DELETE FROM t LIMIT 1;
--! 42601: syntax error at or near "LIMIT"

DELETE FROM ONLY t RETURNING id;
--> id
--> 1

DELETE FROM nowhere;
--! 42P01: relation "nowhere" does not exist
