-- EXPLAIN takes options
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (a INTEGER PRIMARY KEY);

EXPLAIN (COSTS OFF) SELECT 1;
--> QUERY PLAN
--> Result

EXPLAIN (NOTHING) SELECT 1;
--! 42601: unrecognized EXPLAIN option "nothing"

EXPLAIN (FORMAT nothing) SELECT 1;
--! 22023: unrecognized value for EXPLAIN option "format": "nothing"

EXPLAIN (TIMING) SELECT 1;
--! 22023: EXPLAIN option TIMING requires ANALYZE

EXPLAIN SELECT * FROM nowhere;
--! 42P01: relation "nowhere" does not exist

EXPLAIN CREATE INDEX ON t (a);
--! 42601: syntax error at or near "INDEX"
--~! 0A000: EXPLAIN is about statements with rows

EXPLAIN (COSTS maybe) SELECT 1;
--! 42601: costs requires a Boolean value
