-- Cursors: reading in pages, changing the row at the cursor
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER);

INSERT INTO t SELECT n, n * n FROM generate_series(1, 7) AS n;

BEGIN;

DECLARE pages CURSOR FOR SELECT id, x FROM t ORDER BY id;

FETCH 3 FROM pages;
--> id | x
--> 1 | 1
--> 2 | 4
--> 3 | 9

FETCH FORWARD 3 FROM pages;
--> id | x
--> 4 | 16
--> 5 | 25
--> 6 | 36

FETCH 3 FROM pages;
--> id | x
--> 7 | 49

FETCH 3 FROM pages;
--> id | x

CLOSE pages;

DECLARE c CURSOR FOR SELECT id, x FROM t WHERE id > 2 ORDER BY id FOR UPDATE;

FETCH c;
--> id | x
--> 3 | 9

SAVEPOINT s;

UPDATE t SET x = -x WHERE CURRENT OF c;
--~! 42601: syntax error at or near "OF"

ROLLBACK TO s;

FETCH c;
--> id | x
--> 4 | 16

DELETE FROM t WHERE CURRENT OF c;
--~! 42601: syntax error at or near "OF"

ROLLBACK TO s;

SELECT id, x FROM t WHERE id BETWEEN 2 AND 5 ORDER BY id;
--> id | x
--> 2 | 4
--> 3 | 9
--> 4 | 16
--> 5 | 25

COMMIT;

BEGIN;

DECLARE joined SCROLL CURSOR FOR SELECT a.id, b.id AS next FROM t a JOIN t b ON b.id = a.id + 1 ORDER BY a.id;

MOVE LAST FROM joined;

FETCH RELATIVE -1 FROM joined;
--> id | next
--> 5 | 6

MOVE FIRST IN joined;

FETCH joined;
--> id | next
--> 2 | 3

SELECT name, is_scrollable, is_holdable FROM pg_cursors ORDER BY name;
--> name | is_scrollable | is_holdable
--> joined | t | f

COMMIT;

FETCH joined;
--! 34000: cursor "joined" does not exist

UPDATE t SET x = 0 WHERE CURRENT OF joined;
--! 34000: cursor "joined" does not exist
--~! 42601: syntax error at or near "OF"
