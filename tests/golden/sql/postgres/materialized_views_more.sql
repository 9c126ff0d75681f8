-- Materialized views: data, indexes, dependencies
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, g TEXT, n INTEGER);

INSERT INTO t VALUES (1, 'a', 1), (2, 'a', 2), (3, 'b', 3);

CREATE MATERIALIZED VIEW m AS SELECT t.id, t.n, row_number() OVER (ORDER BY n DESC) AS place FROM t;

SELECT * FROM m ORDER BY place;
--> id | n | place
--> 3 | 3 | 1
--> 2 | 2 | 2
--> 1 | 1 | 3

INSERT INTO t VALUES (4, 'b', 10);

SELECT count(*) FROM m;
--> count
--> 3

REFRESH MATERIALIZED VIEW m;

SELECT id, place FROM m ORDER BY place;
--> id | place
--> 4 | 1
--> 3 | 2
--> 2 | 3
--> 1 | 4

CREATE UNIQUE INDEX m_id ON m (id);

INSERT INTO m VALUES (1, 1, 1);
--! 42809: cannot change materialized view "m"

UPDATE m SET n = 0;
--! 42809: cannot change materialized view "m"

DELETE FROM m;
--! 42809: cannot change materialized view "m"

CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;
--! 42P07: relation "m" already exists

CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1 AS x;

CREATE MATERIALIZED VIEW later AS SELECT n FROM t ORDER BY n LIMIT 1 WITH NO DATA;

SELECT * FROM later;
--! 55000: materialized view "later" has not been populated

REFRESH MATERIALIZED VIEW later;

SELECT * FROM later;
--> n
--> 1

SELECT matviewname, ispopulated FROM pg_matviews WHERE schemaname = current_schema() ORDER BY 1;
--> matviewname | ispopulated
--> later | t
--> m | t

DROP TABLE t;
--! 2BP01: cannot drop table t because other objects depend on it
--~

ALTER MATERIALIZED VIEW m RENAME TO placed;

DROP VIEW placed;
--! 42809: "placed" is not a view

DROP MATERIALIZED VIEW placed, later;

DROP MATERIALIZED VIEW IF EXISTS placed;
