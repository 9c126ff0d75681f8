-- An index is in the schema of its table, and its name taken there alone
-- oracle: postgres
-- chapter: definitions

CREATE SCHEMA other;

CREATE TABLE a (x INTEGER, y INTEGER);

CREATE TABLE b (y INTEGER);

CREATE TABLE other.a (x INTEGER, y INTEGER);

CREATE INDEX by_y ON a (y);

CREATE INDEX by_y ON other.a (y);

CREATE INDEX by_y ON a (x);
--! 42P07: relation "by_y" already exists

CREATE INDEX ON a (x);

CREATE INDEX ON other.a (x);

SELECT schemaname = 'other' AS other, tablename, indexname FROM pg_indexes
WHERE tablename IN ('a', 'b') ORDER BY 1, 2, 3;
--> other | tablename | indexname
--> f | a | a_x_idx
--> f | a | by_y
--> t | a | a_x_idx
--> t | a | by_y

DROP INDEX by_y;

DROP INDEX by_y;
--! 42704: index "by_y" does not exist

ALTER INDEX other.by_y RENAME TO of_y;

SELECT schemaname = 'other' AS other, tablename, indexname FROM pg_indexes
WHERE tablename IN ('a', 'b') ORDER BY 1, 2, 3;
--> other | tablename | indexname
--> f | a | a_x_idx
--> t | a | a_x_idx
--> t | a | of_y

DROP INDEX other.of_y;

DROP INDEX IF EXISTS other.of_y;

SELECT set_config('search_path', 'other, ' || current_schema(), false) <> '' AS set;
--> set
--> t

CREATE INDEX by_y ON b (y);

ALTER INDEX by_y RENAME TO found_on_the_path;

DROP INDEX a_x_idx;

SELECT schemaname = 'other' AS other, tablename, indexname FROM pg_indexes
WHERE tablename IN ('a', 'b') ORDER BY 1, 2, 3;
--> other | tablename | indexname
--> f | a | a_x_idx
--> f | b | found_on_the_path

DROP SCHEMA other CASCADE;
