-- FOR UPDATE and what it cannot lock
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER);

CREATE TABLE u (id INTEGER PRIMARY KEY);

INSERT INTO t VALUES (1, 10), (2, 20);

INSERT INTO u VALUES (1);

SELECT id FROM t ORDER BY id FOR UPDATE;
--> id
--> 1
--> 2

SELECT id FROM t WHERE id = 1 FOR NO KEY UPDATE;
--> id
--> 1

SELECT id FROM t WHERE id = 1 FOR SHARE NOWAIT;
--> id
--> 1

SELECT id FROM t WHERE id = 1 FOR KEY SHARE SKIP LOCKED;
--> id
--> 1

SELECT t.id FROM t JOIN u ON t.id = u.id FOR UPDATE OF t;
--> id
--> 1

SELECT t.id FROM t JOIN u ON t.id = u.id FOR UPDATE OF x;
--! 42P01: relation "x" in FOR UPDATE clause not found in FROM clause

SELECT count(*) FROM t FOR UPDATE;
--! 0A000: FOR UPDATE is not allowed with aggregate functions

SELECT DISTINCT v FROM t FOR UPDATE;
--! 0A000: FOR UPDATE is not allowed with DISTINCT clause

SELECT v FROM t GROUP BY v FOR UPDATE;
--! 0A000: FOR UPDATE is not allowed with GROUP BY clause

SELECT id FROM t UNION SELECT id FROM u FOR UPDATE;
--! 0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT

SELECT t.id FROM t LEFT JOIN u ON t.id = u.id FOR UPDATE;
--! 0A000: FOR UPDATE cannot be applied to the nullable side of an outer join

SELECT * FROM (VALUES (1)) v(x) FOR UPDATE;
--> x
--> 1

BEGIN READ ONLY;

SELECT id FROM t FOR UPDATE;
--! 25006: cannot execute SELECT FOR UPDATE in a read-only transaction

ROLLBACK;
