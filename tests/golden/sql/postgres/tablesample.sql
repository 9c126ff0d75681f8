-- TABLESAMPLE
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (n INTEGER);

INSERT INTO t SELECT * FROM generate_series(1, 50);

SELECT count(*) FROM t TABLESAMPLE SYSTEM (100);
--> count
--> 50

SELECT count(*) FROM t TABLESAMPLE BERNOULLI (100) REPEATABLE (1);
--> count
--> 50

SELECT count(*) FROM t TABLESAMPLE BERNOULLI (101);
--! 2202H: sample percentage must be between 0 and 100
