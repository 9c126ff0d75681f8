-- CREATE INDEX: kinds, conditions, expressions, names
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (a INTEGER, b TEXT, c INTEGER);

INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 1), (3, NULL, 2), (4, NULL, 2);

CREATE INDEX ON t (a);

CREATE INDEX ON t (a, c DESC NULLS LAST);

CREATE INDEX ON t (lower(b));

CREATE INDEX ON t ((a + c));

CREATE UNIQUE INDEX t_b ON t (b);

CREATE UNIQUE INDEX t_c ON t (c);
--! 23505: could not create unique index "t_c"

CREATE UNIQUE INDEX t_c_partial ON t (c) WHERE a < 2;

CREATE INDEX t_inc ON t (a) INCLUDE (b);

CREATE INDEX IF NOT EXISTS t_b ON t (a);

CREATE INDEX t_b ON t (a);
--! 42P07: relation "t_b" already exists

CREATE INDEX ON t (nothing);
--! 42703: column "nothing" does not exist

CREATE INDEX ON nowhere (a);
--! 42P01: relation "nowhere" does not exist

CREATE INDEX ON t USING nothing (a);
--! 42704: access method "nothing" does not exist
--~! 0A000: access method "nothing" is not supported

INSERT INTO t VALUES (5, 'x', 9);
--! 23505: duplicate key value violates unique constraint "t_b"

INSERT INTO t VALUES (1, 'z', 1);
--! 23505: duplicate key value violates unique constraint "t_c_partial"

SELECT indexname FROM pg_indexes WHERE tablename = 't' AND schemaname = current_schema() ORDER BY indexname;
--> indexname
--> t_a_c_idx
--> t_a_idx
--> t_b
--> t_c_partial
--> t_expr_idx
--> t_inc
--> t_lower_idx

DROP INDEX t_b, t_inc;

DROP INDEX t_b;
--! 42704: index "t_b" does not exist

ALTER INDEX t_a_idx RENAME TO by_a;

REINDEX INDEX by_a;

SELECT a FROM t WHERE lower(b) = 'y';
--> a
--> 2
