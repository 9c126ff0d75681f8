-- EXPLAIN QUERY PLAN
-- oracle: sqlite
-- chapter: catalogs

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT);

CREATE INDEX t_a ON t (a);

EXPLAIN QUERY PLAN SELECT * FROM nowhere;
--! no such table: nowhere

EXPLAIN QUERY PLAN SELECT 1 +;
--! near ";": syntax error
