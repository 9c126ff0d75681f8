-- What pgbench asks
-- oracle: postgres
-- Numbers of objects are shown as #, and rows that a statement does not order in the order of their texts.

CREATE SCHEMA market;

SET search_path = market;

CREATE TYPE side AS ENUM ('buy', 'sell');

CREATE DOMAIN positive AS numeric(12,2) CHECK (VALUE > 0);

CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, name varchar(80), country char(2), created timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, active boolean NOT NULL DEFAULT true);

CREATE TABLE instruments (symbol text PRIMARY KEY, name text NOT NULL, tick numeric(10,4) NOT NULL DEFAULT 0.01, lot integer NOT NULL DEFAULT 1, listed date, CHECK (tick > 0), CHECK (lot >= 1 AND lot <= 100000));

CREATE TABLE accounts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE, currency char(3) NOT NULL DEFAULT 'USD', balance numeric(18,2) NOT NULL DEFAULT 0, opened date);

CREATE TABLE orders (id bigint PRIMARY KEY, account_id bigint NOT NULL REFERENCES accounts (id), symbol text NOT NULL REFERENCES instruments (symbol) ON UPDATE CASCADE, side side NOT NULL, price positive, quantity integer NOT NULL, status varchar(16) NOT NULL DEFAULT 'open', tags text[], details jsonb, placed timestamp NOT NULL, CHECK (quantity > 0), CHECK (status IN ('open', 'filled', 'cancelled')));

CREATE TABLE trades (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, user_id bigint NOT NULL, symbol text NOT NULL, price numeric(12,4) NOT NULL, quantity integer NOT NULL, fee real DEFAULT 0, executed timestamp NOT NULL, UNIQUE (order_id, executed));

CREATE TABLE positions (account_id bigint NOT NULL, symbol text NOT NULL, quantity bigint NOT NULL DEFAULT 0, average double precision, PRIMARY KEY (account_id, symbol));

CREATE TABLE quotes (symbol text NOT NULL, at timestamp NOT NULL, bid numeric, ask numeric, source smallint);

CREATE TABLE sessions (token uuid PRIMARY KEY, user_id bigint, payload bytea, started time, lasts interval);

CREATE TABLE notes (id bigint PRIMARY KEY, body text, parent bigint REFERENCES notes (id));

CREATE TABLE "Mixed Case" ("Key" integer PRIMARY KEY, "order" text);

CREATE INDEX trades_user_time ON trades (user_id, executed DESC);

CREATE INDEX trades_symbol_cover ON trades (symbol) INCLUDE (price, quantity);

CREATE INDEX orders_open ON orders (symbol, placed) WHERE status = 'open';

CREATE UNIQUE INDEX users_lower_email ON users (lower(email));

CREATE SEQUENCE ticket_seq START 100 INCREMENT 5 MAXVALUE 1000000;

CREATE VIEW big_trades AS SELECT id, symbol, price * quantity AS value FROM trades WHERE quantity > 100;

COMMENT ON TABLE trades IS 'Executions';

COMMENT ON COLUMN trades.price IS 'Price of one unit';

select o.n, p.partstrat, pg_catalog.count(i.inhparent) from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on (n.oid = c.relnamespace) cross join lateral (select pg_catalog.array_position(pg_catalog.current_schemas(true), n.nspname)) as o(n) left join pg_catalog.pg_partitioned_table as p on (p.partrelid = c.oid) left join pg_catalog.pg_inherits as i on (c.oid = i.inhparent) where c.relname = 'accounts' and o.n is not null group by 1, 2 order by 1 asc limit 1;
--> n | partstrat | count
--> 2 | NULL | 0

SET search_path = public;

DROP SCHEMA market CASCADE;
