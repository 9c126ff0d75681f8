-- Temporary views
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (a);

INSERT INTO t VALUES (1), (2);

CREATE TEMP VIEW v AS SELECT a * 10 AS ten FROM t;

SELECT ten FROM v ORDER BY 1;
--> ten
--> 10
--> 20

CREATE TEMPORARY VIEW IF NOT EXISTS v AS SELECT 1;

SELECT name FROM sqlite_schema ORDER BY name;
--> name
--> t

DROP VIEW v;

SELECT * FROM v;
--! no such table: v
