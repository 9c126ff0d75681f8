-- COMMENT ON
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);

COMMENT ON TABLE t IS 'a table';

COMMENT ON COLUMN t.a IS 'a column';

CREATE VIEW v AS SELECT 1 AS x;

COMMENT ON VIEW v IS 'a view';

CREATE INDEX i ON t (a);

COMMENT ON INDEX i IS 'an index';

CREATE SEQUENCE s;

COMMENT ON SEQUENCE s IS 'a sequence';

SELECT obj_description('t'::regclass, 'pg_class') AS t, col_description('t'::regclass, 2) AS c, obj_description('v'::regclass) AS v, obj_description('i'::regclass) AS i, obj_description('s'::regclass) AS s;
--> t | c | v | i | s
--> a table | a column | a view | an index | a sequence

COMMENT ON TABLE t IS NULL;

SELECT obj_description('t'::regclass, 'pg_class') AS none;
--> none
--> NULL

COMMENT ON TABLE nowhere IS 'x';
--! 42P01: relation "nowhere" does not exist

COMMENT ON COLUMN t.nothing IS 'x';
--! 42703: column "nothing" of relation "t" does not exist

COMMENT ON TABLE v IS 'x';
--! 42809: "v" is not a table

CREATE TYPE mood AS ENUM ('a');

COMMENT ON TYPE mood IS 'a type';

SELECT obj_description('mood'::regtype, 'pg_type') AS t;
--> t
--> a type
