-- Cursors: directions, ends, and changes since
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (x INTEGER);

INSERT INTO t VALUES (1), (2), (3);

BEGIN;

DECLARE c CURSOR FOR SELECT x FROM t ORDER BY x;

FETCH FORWARD ALL FROM c;
--> x
--> 1
--> 2
--> 3

FETCH NEXT FROM c;
--> x

MOVE FIRST FROM c;

CLOSE c;

DECLARE d SCROLL CURSOR FOR SELECT x FROM t ORDER BY x;

MOVE LAST FROM d;

FETCH RELATIVE -1 FROM d;
--> x
--> 2

FETCH ABSOLUTE 1 FROM d;
--> x
--> 1

FETCH BACKWARD FROM d;
--> x

FETCH FROM d;
--> x
--> 1

SELECT name, is_scrollable, is_holdable FROM pg_cursors ORDER BY name;
--> name | is_scrollable | is_holdable
--> d | t | f

DECLARE e CURSOR FOR INSERT INTO t VALUES (4);
--! 42601: syntax error at or near "INSERT"

ROLLBACK;

BEGIN;

DECLARE f CURSOR FOR SELECT 1 / (x - 2) AS q FROM t ORDER BY x;
--~! 22012: division by zero

FETCH f;
--! 22012: division by zero
--~! 25P02: current transaction is aborted, commands ignored until end of transaction block

ROLLBACK;

FETCH f;
--! 34000: cursor "f" does not exist

CLOSE f;
--! 34000: cursor "f" does not exist
