-- A materialized view of rows, which REFRESH computes anew
-- oracle: postgres
-- chapter: definitions

CREATE TABLE trades (id BIGINT PRIMARY KEY, symbol TEXT NOT NULL, quantity INTEGER, price NUMERIC(12, 4) NOT NULL);

INSERT INTO trades VALUES (1, 'ACME', 5, 10.5), (2, 'BETA', 7, 2.25), (3, 'ACME', NULL, 11.0);

CREATE MATERIALIZED VIEW large AS SELECT id, symbol, quantity * price AS value FROM trades WHERE quantity > 4;

SELECT * FROM large ORDER BY id;
--> id | symbol | value
--> 1 | ACME | 52.5000
--> 2 | BETA | 15.7500

INSERT INTO trades VALUES (4, 'GAMA', 100, 1.5);

SELECT count(*) FROM large;
--> count
--> 2

REFRESH MATERIALIZED VIEW large;

SELECT * FROM large ORDER BY id;
--> id | symbol | value
--> 1 | ACME | 52.5000
--> 2 | BETA | 15.7500
--> 4 | GAMA | 150.0000

REFRESH MATERIALIZED VIEW CONCURRENTLY large;
--! 55000: cannot refresh materialized view "golden.large" concurrently
--~! 55000: cannot refresh materialized view "public.large" concurrently

CREATE UNIQUE INDEX large_id ON large (id);

REFRESH MATERIALIZED VIEW CONCURRENTLY large;

SELECT * FROM large WHERE id = 4;
--> id | symbol | value
--> 4 | GAMA | 150.0000

SELECT hasindexes, ispopulated FROM pg_matviews WHERE matviewname = 'large';
--> hasindexes | ispopulated
--> t | t

INSERT INTO large VALUES (9, 'X', 1);
--! 42809: cannot change materialized view "large"

UPDATE large SET value = 1 WHERE id = 1;
--! 42809: cannot change materialized view "large"

DELETE FROM large;
--! 42809: cannot change materialized view "large"

MERGE INTO large l USING trades t ON t.id = l.id WHEN MATCHED THEN DELETE;
--! 0A000: cannot execute MERGE on relation "large"

ALTER TABLE large RENAME TO larger;

SELECT count(*) FROM larger;
--> count
--> 3

ALTER TABLE larger RENAME TO large;

REFRESH MATERIALIZED VIEW large WITH NO DATA;

SELECT * FROM large;
--! 55000: materialized view "large" has not been populated

REFRESH MATERIALIZED VIEW CONCURRENTLY large;
--! 0A000: CONCURRENTLY cannot be used when the materialized view is not populated

REFRESH MATERIALIZED VIEW CONCURRENTLY large WITH NO DATA;
--! 0A000: CONCURRENTLY cannot be used when the materialized view is not populated

REFRESH MATERIALIZED VIEW large;

SELECT count(*) FROM large;
--> count
--> 3

BEGIN;

CREATE MATERIALIZED VIEW within AS SELECT symbol FROM trades;

SELECT count(*) FROM within;
--> count
--> 4

INSERT INTO trades VALUES (5, 'DELT', 50, 1.0);

REFRESH MATERIALIZED VIEW large;

SELECT count(*) FROM large;
--> count
--> 4

ROLLBACK;

SELECT count(*) FROM large;
--> count
--> 3

SELECT count(*) FROM within;
--! 42P01: relation "within" does not exist

ALTER MATERIALIZED VIEW large RENAME TO big;

SELECT count(*) FROM big;
--> count
--> 3

REFRESH MATERIALIZED VIEW big;

ALTER MATERIALIZED VIEW IF EXISTS large RENAME TO big;

ALTER MATERIALIZED VIEW trades RENAME TO big;
--! 42809: "trades" is not a materialized view

DROP TABLE big;
--! 42809: "big" is not a table

DROP VIEW big;
--! 42809: "big" is not a view

DROP MATERIALIZED VIEW big;

SELECT * FROM big;
--! 42P01: relation "big" does not exist
