-- Schemas and the search path
-- oracle: postgres
-- chapter: definitions

CREATE SCHEMA market;

CREATE SCHEMA market;
--! 42P06: schema "market" already exists

CREATE SCHEMA IF NOT EXISTS market;

CREATE TABLE market.trades (id INTEGER);

INSERT INTO market.trades VALUES (1);

SELECT * FROM trades;
--! 42P01: relation "trades" does not exist

SELECT id, market.trades.id FROM market.trades;
--> id | id
--> 1 | 1

SELECT set_config('search_path', 'market, ' || current_schema(), false) <> '' AS set;
--> set
--> t

SELECT id FROM trades;
--> id
--> 1

CREATE TABLE here (x INTEGER);

SELECT schemaname FROM pg_tables WHERE tablename = 'here';
--> schemaname
--> market

CREATE TYPE market.side AS ENUM ('b', 's');

SELECT 'b'::market.side;
--> side
--> b

CREATE VIEW market.v AS SELECT id FROM trades;

DROP SCHEMA market;
--! 2BP01: cannot drop schema market because other objects depend on it

DROP SCHEMA market CASCADE;

SELECT * FROM market.trades;
--! 42P01: relation "market.trades" does not exist

CREATE SCHEMA pg_mine;
--! 42939: unacceptable schema name "pg_mine"

SELECT 1 AS x FROM pg_catalog.pg_class LIMIT 1;
--> x
--> 1
