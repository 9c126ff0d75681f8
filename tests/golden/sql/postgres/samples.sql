-- TABLESAMPLE: bounds, seeds, what takes none
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY);

INSERT INTO t SELECT * FROM generate_series(1, 1000);

SELECT count(*) FROM t TABLESAMPLE BERNOULLI (0);
--> count
--> 0

SELECT count(*) BETWEEN 200 AND 800 AS about_half FROM t TABLESAMPLE BERNOULLI (50);
--> about_half
--> t

SELECT (SELECT sum(id) FROM t TABLESAMPLE BERNOULLI (50) REPEATABLE (7)) = (SELECT sum(id) FROM t TABLESAMPLE BERNOULLI (50) REPEATABLE (7)) AS the_same;
--> the_same
--> t

SELECT count(*) BETWEEN 0 AND 1000 AS some FROM t AS s TABLESAMPLE SYSTEM (12.5) WHERE s.id > 0;
--> some
--> t

SELECT count(*) FROM t TABLESAMPLE SYSTEM (-1);
--! 2202H: sample percentage must be between 0 and 100

SELECT count(*) FROM t TABLESAMPLE SYSTEM (NULL);
--! 2202H: TABLESAMPLE parameter cannot be null

CREATE VIEW v AS SELECT * FROM t;

SELECT count(*) FROM v TABLESAMPLE SYSTEM (10);
--! 0A000: TABLESAMPLE clause can only be applied to tables and materialized views
