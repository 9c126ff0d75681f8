-- EXPLAIN of what PREPARE prepared, and of what changes rows
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);

INSERT INTO t VALUES (1, 'one');

EXPLAIN (COSTS OFF) EXECUTE missing;
--! 26000: prepared statement "missing" does not exist

PREPARE one (INTEGER) AS SELECT $1 + 1;

EXPLAIN (COSTS OFF) EXECUTE one(1);
--> QUERY PLAN
--> Result

EXPLAIN (COSTS OFF) EXECUTE one(NULL);
--> QUERY PLAN
--> Result

EXPLAIN (COSTS OFF) EXECUTE one;
--! 42601: wrong number of parameters for prepared statement "one"

EXPLAIN (COSTS OFF) EXECUTE one('no number');
--! 22P02: invalid input syntax for type integer: "no number"

BEGIN READ ONLY;

EXPLAIN ANALYZE INSERT INTO t VALUES (2, 'two');
--! 25006: cannot execute INSERT in a read-only transaction

ROLLBACK;

BEGIN READ ONLY;

EXPLAIN ANALYZE DELETE FROM t;
--! 25006: cannot execute DELETE in a read-only transaction

ROLLBACK;

PREPARE put AS INSERT INTO t VALUES ($1, 'more');

BEGIN READ ONLY;

EXPLAIN ANALYZE EXECUTE put(2);
--! 25006: cannot execute INSERT in a read-only transaction

ROLLBACK;

SELECT count(*) FROM t;
--> count
--> 1
