-- DECLARE, FETCH, MOVE and CLOSE
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (x INTEGER PRIMARY KEY);

INSERT INTO t VALUES (1), (2), (3), (4), (5);

DECLARE c CURSOR FOR SELECT x FROM t ORDER BY x;
--! 25P01: DECLARE CURSOR can only be used in transaction blocks

BEGIN;

DECLARE c SCROLL CURSOR FOR SELECT x FROM t ORDER BY x;

FETCH c;
--> x
--> 1

FETCH NEXT FROM c;
--> x
--> 2

FETCH FORWARD 2 FROM c;
--> x
--> 3
--> 4

FETCH PRIOR FROM c;
--> x
--> 3

FETCH FIRST FROM c;
--> x
--> 1

FETCH LAST FROM c;
--> x
--> 5

FETCH NEXT FROM c;
--> x

FETCH PRIOR IN c;
--> x
--> 5

FETCH ABSOLUTE 2 FROM c;
--> x
--> 2

FETCH ABSOLUTE -2 FROM c;
--> x
--> 4

FETCH ABSOLUTE 0 FROM c;
--> x

FETCH ABSOLUTE 9 FROM c;
--> x

FETCH RELATIVE -2 FROM c;
--> x
--> 4

FETCH RELATIVE 0 FROM c;
--> x
--> 4

FETCH 0 FROM c;
--> x
--> 4

FETCH BACKWARD 2 FROM c;
--> x
--> 3
--> 2

FETCH BACKWARD ALL FROM c;
--> x
--> 1

FETCH ALL FROM c;
--> x
--> 1
--> 2
--> 3
--> 4
--> 5

FETCH BACKWARD ALL FROM c;
--> x
--> 5
--> 4
--> 3
--> 2
--> 1

FETCH 2 c;
--> x
--> 1
--> 2

FETCH -1 c;
--> x
--> 1

MOVE 3 IN c;

FETCH c;
--> x
--> 5

MOVE BACKWARD ALL IN c;

FETCH c;
--> x
--> 1

CLOSE c;

FETCH c;
--! 34000: cursor "c" does not exist

ROLLBACK;

BEGIN;

DECLARE once NO SCROLL CURSOR FOR SELECT x FROM t ORDER BY x;

FETCH 2 FROM once;
--> x
--> 1
--> 2

MOVE 1 FROM once;

FETCH ABSOLUTE 4 FROM once;
--> x
--> 4

FETCH PRIOR FROM once;
--! 55000: cursor can only scan forward

ROLLBACK;

BEGIN;

DECLARE insensitive CURSOR FOR SELECT x FROM t WHERE x > 2 ORDER BY x;

DELETE FROM t WHERE x > 3;

FETCH ALL FROM insensitive;
--> x
--> 3
--> 4
--> 5

SAVEPOINT s;

DECLARE later CURSOR FOR SELECT x FROM t;

ROLLBACK TO s;

FETCH later;
--! 34000: cursor "later" does not exist

ROLLBACK TO s;

DECLARE insensitive CURSOR FOR SELECT 1;
--! 42P03: cursor "insensitive" already exists

COMMIT;

BEGIN;

DECLARE held CURSOR WITH HOLD FOR SELECT x, x * 10 AS ten FROM t ORDER BY x;

FETCH held;
--> x | ten
--> 1 | 10

COMMIT;

FETCH held;
--> x | ten
--> 2 | 20

FETCH PRIOR FROM held;
--> x | ten
--> 1 | 10

CLOSE held;

CLOSE held;
--! 34000: cursor "held" does not exist

BEGIN;

DECLARE lost CURSOR WITH HOLD FOR SELECT 1;

ROLLBACK;

FETCH lost;
--! 34000: cursor "lost" does not exist

CLOSE ALL;

DECLARE outside CURSOR WITH HOLD FOR SELECT x FROM t ORDER BY x DESC;

FETCH ALL FROM outside;
--> x
--> 5
--> 4
--> 3
--> 2
--> 1

CLOSE ALL;

FETCH outside;
--! 34000: cursor "outside" does not exist
