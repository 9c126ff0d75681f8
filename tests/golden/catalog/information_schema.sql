-- information_schema, the views of pg_catalog, and functions about definitions
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

SELECT schema_name, schema_owner = user AS is_own FROM information_schema.schemata WHERE schema_name IN ('market', 'public', 'pg_catalog', 'information_schema') ORDER BY 1;
--> schema_name | is_own
--> information_schema | t
--> market | t
--> pg_catalog | t
--> public | f
--~> schema_name | is_own
--~> information_schema | t
--~> market | t
--~> pg_catalog | t
--~> public | t

SELECT table_schema, table_name, table_type, is_insertable_into, is_typed, commit_action FROM information_schema.tables WHERE table_schema = 'market' ORDER BY 2;
--> table_schema | table_name | table_type | is_insertable_into | is_typed | commit_action
--> market | Mixed Case | BASE TABLE | YES | NO | NULL
--> market | accounts | BASE TABLE | YES | NO | NULL
--> market | big_trades | VIEW | YES | NO | NULL
--> market | instruments | BASE TABLE | YES | NO | NULL
--> market | notes | BASE TABLE | YES | NO | NULL
--> market | orders | BASE TABLE | YES | NO | NULL
--> market | positions | BASE TABLE | YES | NO | NULL
--> market | quotes | BASE TABLE | YES | NO | NULL
--> market | sessions | BASE TABLE | YES | NO | NULL
--> market | trades | BASE TABLE | YES | NO | NULL
--> market | users | BASE TABLE | YES | NO | NULL
--~> table_schema | table_name | table_type | is_insertable_into | is_typed | commit_action
--~> market | Mixed Case | BASE TABLE | YES | NO | NULL
--~> market | accounts | BASE TABLE | YES | NO | NULL
--~> market | big_trades | VIEW | NO | NO | NULL
--~> market | instruments | BASE TABLE | YES | NO | NULL
--~> market | notes | BASE TABLE | YES | NO | NULL
--~> market | orders | BASE TABLE | YES | NO | NULL
--~> market | positions | BASE TABLE | YES | NO | NULL
--~> market | quotes | BASE TABLE | YES | NO | NULL
--~> market | sessions | BASE TABLE | YES | NO | NULL
--~> market | trades | BASE TABLE | YES | NO | NULL
--~> market | users | BASE TABLE | YES | NO | NULL

SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, udt_schema, udt_name, domain_name, is_identity, identity_generation, is_generated FROM information_schema.columns WHERE table_schema = 'market' ORDER BY table_name, ordinal_position;
--> table_name | column_name | ordinal_position | column_default | is_nullable | data_type | character_maximum_length | character_octet_length | numeric_precision | numeric_precision_radix | numeric_scale | datetime_precision | udt_schema | udt_name | domain_name | is_identity | identity_generation | is_generated
--> Mixed Case | Key | 1 | NULL | NO | integer | NULL | NULL | 32 | 2 | 0 | NULL | pg_catalog | int4 | NULL | NO | NULL | NEVER
--> Mixed Case | order | 2 | NULL | YES | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> accounts | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> accounts | user_id | 2 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> accounts | currency | 3 | 'USD'::bpchar | NO | character | 3 | 12 | NULL | NULL | NULL | NULL | pg_catalog | bpchar | NULL | NO | NULL | NEVER
--> accounts | balance | 4 | 0 | NO | numeric | NULL | NULL | 18 | 10 | 2 | NULL | pg_catalog | numeric | NULL | NO | NULL | NEVER
--> accounts | opened | 5 | NULL | YES | date | NULL | NULL | NULL | NULL | NULL | 0 | pg_catalog | date | NULL | NO | NULL | NEVER
--> big_trades | id | 1 | NULL | YES | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> big_trades | symbol | 2 | NULL | YES | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> big_trades | value | 3 | NULL | YES | numeric | NULL | NULL | NULL | 10 | NULL | NULL | pg_catalog | numeric | NULL | NO | NULL | NEVER
--> instruments | symbol | 1 | NULL | NO | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> instruments | name | 2 | NULL | NO | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> instruments | tick | 3 | 0.01 | NO | numeric | NULL | NULL | 10 | 10 | 4 | NULL | pg_catalog | numeric | NULL | NO | NULL | NEVER
--> instruments | lot | 4 | 1 | NO | integer | NULL | NULL | 32 | 2 | 0 | NULL | pg_catalog | int4 | NULL | NO | NULL | NEVER
--> instruments | listed | 5 | NULL | YES | date | NULL | NULL | NULL | NULL | NULL | 0 | pg_catalog | date | NULL | NO | NULL | NEVER
--> notes | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> notes | body | 2 | NULL | YES | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> notes | parent | 3 | NULL | YES | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> orders | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> orders | account_id | 2 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> orders | symbol | 3 | NULL | NO | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> orders | side | 4 | NULL | NO | USER-DEFINED | NULL | NULL | NULL | NULL | NULL | NULL | market | side | NULL | NO | NULL | NEVER
--> orders | price | 5 | NULL | YES | numeric | NULL | NULL | 12 | 10 | 2 | NULL | pg_catalog | numeric | positive | NO | NULL | NEVER
--> orders | quantity | 6 | NULL | NO | integer | NULL | NULL | 32 | 2 | 0 | NULL | pg_catalog | int4 | NULL | NO | NULL | NEVER
--> orders | status | 7 | 'open'::character varying | NO | character varying | 16 | 64 | NULL | NULL | NULL | NULL | pg_catalog | varchar | NULL | NO | NULL | NEVER
--> orders | tags | 8 | NULL | YES | ARRAY | NULL | NULL | NULL | NULL | NULL | NULL | pg_catalog | _text | NULL | NO | NULL | NEVER
--> orders | details | 9 | NULL | YES | jsonb | NULL | NULL | NULL | NULL | NULL | NULL | pg_catalog | jsonb | NULL | NO | NULL | NEVER
--> orders | placed | 10 | NULL | NO | timestamp without time zone | NULL | NULL | NULL | NULL | NULL | 6 | pg_catalog | timestamp | NULL | NO | NULL | NEVER
--> positions | account_id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> positions | symbol | 2 | NULL | NO | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> positions | quantity | 3 | 0 | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> positions | average | 4 | NULL | YES | double precision | NULL | NULL | 53 | 2 | NULL | NULL | pg_catalog | float8 | NULL | NO | NULL | NEVER
--> quotes | symbol | 1 | NULL | NO | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> quotes | at | 2 | NULL | NO | timestamp without time zone | NULL | NULL | NULL | NULL | NULL | 6 | pg_catalog | timestamp | NULL | NO | NULL | NEVER
--> quotes | bid | 3 | NULL | YES | numeric | NULL | NULL | NULL | 10 | NULL | NULL | pg_catalog | numeric | NULL | NO | NULL | NEVER
--> quotes | ask | 4 | NULL | YES | numeric | NULL | NULL | NULL | 10 | NULL | NULL | pg_catalog | numeric | NULL | NO | NULL | NEVER
--> quotes | source | 5 | NULL | YES | smallint | NULL | NULL | 16 | 2 | 0 | NULL | pg_catalog | int2 | NULL | NO | NULL | NEVER
--> sessions | token | 1 | NULL | NO | uuid | NULL | NULL | NULL | NULL | NULL | NULL | pg_catalog | uuid | NULL | NO | NULL | NEVER
--> sessions | user_id | 2 | NULL | YES | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> sessions | payload | 3 | NULL | YES | bytea | NULL | NULL | NULL | NULL | NULL | NULL | pg_catalog | bytea | NULL | NO | NULL | NEVER
--> sessions | started | 4 | NULL | YES | time without time zone | NULL | NULL | NULL | NULL | NULL | 6 | pg_catalog | time | NULL | NO | NULL | NEVER
--> sessions | lasts | 5 | NULL | YES | interval | NULL | NULL | NULL | NULL | NULL | 6 | pg_catalog | interval | NULL | NO | NULL | NEVER
--> trades | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> trades | order_id | 2 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> trades | user_id | 3 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> trades | symbol | 4 | NULL | NO | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> trades | price | 5 | NULL | NO | numeric | NULL | NULL | 12 | 10 | 4 | NULL | pg_catalog | numeric | NULL | NO | NULL | NEVER
--> trades | quantity | 6 | NULL | NO | integer | NULL | NULL | 32 | 2 | 0 | NULL | pg_catalog | int4 | NULL | NO | NULL | NEVER
--> trades | fee | 7 | 0 | YES | real | NULL | NULL | 24 | 2 | NULL | NULL | pg_catalog | float4 | NULL | NO | NULL | NEVER
--> trades | executed | 8 | NULL | NO | timestamp without time zone | NULL | NULL | NULL | NULL | NULL | 6 | pg_catalog | timestamp | NULL | NO | NULL | NEVER
--> users | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | pg_catalog | int8 | NULL | NO | NULL | NEVER
--> users | email | 2 | NULL | NO | text | NULL | # | NULL | NULL | NULL | NULL | pg_catalog | text | NULL | NO | NULL | NEVER
--> users | name | 3 | NULL | YES | character varying | 80 | 320 | NULL | NULL | NULL | NULL | pg_catalog | varchar | NULL | NO | NULL | NEVER
--> users | country | 4 | NULL | YES | character | 2 | 8 | NULL | NULL | NULL | NULL | pg_catalog | bpchar | NULL | NO | NULL | NEVER
--> users | created | 5 | CURRENT_TIMESTAMP | NO | timestamp with time zone | NULL | NULL | NULL | NULL | NULL | 6 | pg_catalog | timestamptz | NULL | NO | NULL | NEVER
--> users | active | 6 | true | NO | boolean | NULL | NULL | NULL | NULL | NULL | NULL | pg_catalog | bool | NULL | NO | NULL | NEVER

SELECT constraint_schema, table_name, constraint_name, constraint_type, is_deferrable, initially_deferred, enforced, nulls_distinct FROM information_schema.table_constraints WHERE table_schema = 'market' AND constraint_name NOT LIKE '%not_null' ORDER BY 2, 3;
--> constraint_schema | table_name | constraint_name | constraint_type | is_deferrable | initially_deferred | enforced | nulls_distinct
--> market | Mixed Case | Mixed Case_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | accounts | accounts_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | accounts | accounts_user_id_fkey | FOREIGN KEY | NO | NO | YES | NULL
--> market | instruments | instruments_lot_check | CHECK | NO | NO | YES | NULL
--> market | instruments | instruments_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | instruments | instruments_tick_check | CHECK | NO | NO | YES | NULL
--> market | notes | notes_parent_fkey | FOREIGN KEY | NO | NO | YES | NULL
--> market | notes | notes_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | orders | orders_account_id_fkey | FOREIGN KEY | NO | NO | YES | NULL
--> market | orders | orders_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | orders | orders_quantity_check | CHECK | NO | NO | YES | NULL
--> market | orders | orders_status_check | CHECK | NO | NO | YES | NULL
--> market | orders | orders_symbol_fkey | FOREIGN KEY | NO | NO | YES | NULL
--> market | positions | positions_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | sessions | sessions_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | trades | trades_order_id_executed_key | UNIQUE | NO | NO | YES | YES
--> market | trades | trades_order_id_fkey | FOREIGN KEY | YES | YES | YES | NULL
--> market | trades | trades_pkey | PRIMARY KEY | NO | NO | YES | NULL
--> market | users | users_email_key | UNIQUE | NO | NO | YES | YES
--> market | users | users_pkey | PRIMARY KEY | NO | NO | YES | NULL

SELECT table_name, count(*) FROM information_schema.table_constraints WHERE table_schema = 'market' AND constraint_name LIKE '%not_null' GROUP BY 1 ORDER BY 1;
--> table_name | count
--> Mixed Case | 1
--> accounts | 4
--> instruments | 4
--> notes | 1
--> orders | 7
--> positions | 3
--> quotes | 2
--> sessions | 1
--> trades | 7
--> users | 4

SELECT constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint FROM information_schema.key_column_usage WHERE table_schema = 'market' ORDER BY 2, 1, 4;
--> constraint_name | table_name | column_name | ordinal_position | position_in_unique_constraint
--> Mixed Case_pkey | Mixed Case | Key | 1 | NULL
--> accounts_pkey | accounts | id | 1 | NULL
--> accounts_user_id_fkey | accounts | user_id | 1 | 1
--> instruments_pkey | instruments | symbol | 1 | NULL
--> notes_parent_fkey | notes | parent | 1 | 1
--> notes_pkey | notes | id | 1 | NULL
--> orders_account_id_fkey | orders | account_id | 1 | 1
--> orders_pkey | orders | id | 1 | NULL
--> orders_symbol_fkey | orders | symbol | 1 | 1
--> positions_pkey | positions | account_id | 1 | NULL
--> positions_pkey | positions | symbol | 2 | NULL
--> sessions_pkey | sessions | token | 1 | NULL
--> trades_order_id_executed_key | trades | order_id | 1 | NULL
--> trades_order_id_executed_key | trades | executed | 2 | NULL
--> trades_order_id_fkey | trades | order_id | 1 | 1
--> trades_pkey | trades | id | 1 | NULL
--> users_email_key | users | email | 1 | NULL
--> users_pkey | users | id | 1 | NULL

SELECT table_name, column_name, constraint_name FROM information_schema.constraint_column_usage WHERE table_schema = 'market' ORDER BY 1, 2, 3;
--> table_name | column_name | constraint_name
--> Mixed Case | Key | Mixed Case_pkey
--> accounts | id | accounts_pkey
--> accounts | id | orders_account_id_fkey
--> instruments | lot | instruments_lot_check
--> instruments | symbol | instruments_pkey
--> instruments | symbol | orders_symbol_fkey
--> instruments | tick | instruments_tick_check
--> notes | id | notes_parent_fkey
--> notes | id | notes_pkey
--> orders | id | orders_pkey
--> orders | id | trades_order_id_fkey
--> orders | quantity | orders_quantity_check
--> orders | status | orders_status_check
--> positions | account_id | positions_pkey
--> positions | symbol | positions_pkey
--> sessions | token | sessions_pkey
--> trades | executed | trades_order_id_executed_key
--> trades | id | trades_pkey
--> trades | order_id | trades_order_id_executed_key
--> users | email | users_email_key
--> users | id | accounts_user_id_fkey
--> users | id | users_pkey

SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints WHERE constraint_schema = 'market' ORDER BY 1;
--> constraint_name | unique_constraint_name | match_option | update_rule | delete_rule
--> accounts_user_id_fkey | users_pkey | NONE | NO ACTION | CASCADE
--> notes_parent_fkey | notes_pkey | NONE | NO ACTION | NO ACTION
--> orders_account_id_fkey | accounts_pkey | NONE | NO ACTION | NO ACTION
--> orders_symbol_fkey | instruments_pkey | NONE | CASCADE | NO ACTION
--> trades_order_id_fkey | orders_pkey | NONE | NO ACTION | RESTRICT

SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = 'market' AND constraint_name NOT LIKE '%not_null' ORDER BY 1;
--> constraint_name | check_clause
--> instruments_lot_check | (((lot >= 1) AND (lot <= #)))
--> instruments_tick_check | ((tick > (0)::numeric))
--> orders_quantity_check | ((quantity > 0))
--> orders_status_check | (((status)::text = ANY ((ARRAY['open'::character varying, 'filled'::character varying, 'cancelled'::character varying])::text[])))
--> positive_check | ((VALUE > (0)::numeric))
--~> constraint_name | check_clause
--~> instruments_lot_check | (((lot >= 1) AND (lot <= #)))
--~> instruments_tick_check | ((tick > (0)::numeric))
--~> orders_quantity_check | ((quantity > 0))
--~> orders_status_check | (((status)::text = ANY ((ARRAY['open'::character varying, 'filled'::character varying, 'cancelled'::character varying])::text[])))
--~> positive_check | ((VALUE > 0))

SELECT table_name, check_option, is_updatable FROM information_schema.views WHERE table_schema = 'market';
--> table_name | check_option | is_updatable
--> big_trades | NONE | YES
--~> table_name | check_option | is_updatable
--~> big_trades | NONE | NO

SELECT view_name, table_name FROM information_schema.view_table_usage WHERE view_schema = 'market';
--> view_name | table_name
--> big_trades | trades

SELECT sequence_name, data_type, numeric_precision, start_value, minimum_value, maximum_value, increment, cycle_option FROM information_schema.sequences WHERE sequence_schema = 'market' AND sequence_name = 'ticket_seq';
--> sequence_name | data_type | numeric_precision | start_value | minimum_value | maximum_value | increment | cycle_option
--> ticket_seq | bigint | 64 | 100 | 1 | # | 5 | NO

SELECT domain_name, data_type, numeric_precision, numeric_scale, domain_default, udt_name FROM information_schema.domains WHERE domain_schema = 'market';
--> domain_name | data_type | numeric_precision | numeric_scale | domain_default | udt_name
--> positive | numeric | 12 | 2 | NULL | numeric

SELECT table_name, privilege_type, is_grantable FROM information_schema.table_privileges WHERE table_schema = 'market' AND table_name = 'trades' ORDER BY 2;
--> table_name | privilege_type | is_grantable
--> trades | DELETE | YES
--> trades | INSERT | YES
--> trades | REFERENCES | YES
--> trades | SELECT | YES
--> trades | TRIGGER | YES
--> trades | TRUNCATE | YES
--> trades | UPDATE | YES

SELECT table_name, column_name FROM information_schema.column_domain_usage WHERE domain_schema = 'market';
--> table_name | column_name
--> orders | price

SELECT role_name = user AS is_own FROM information_schema.enabled_roles WHERE role_name = user;
--> is_own
--> t

SELECT count(*) > 0 AS answered FROM information_schema.routines;
--> answered
--> t

SELECT schemaname, tablename, tablespace, hasindexes, rowsecurity FROM pg_tables WHERE schemaname = 'market' ORDER BY 2;
--> schemaname | tablename | tablespace | hasindexes | rowsecurity
--> market | Mixed Case | NULL | t | f
--> market | accounts | NULL | t | f
--> market | instruments | NULL | t | f
--> market | notes | NULL | t | f
--> market | orders | NULL | t | f
--> market | positions | NULL | t | f
--> market | quotes | NULL | f | f
--> market | sessions | NULL | t | f
--> market | trades | NULL | t | f
--> market | users | NULL | t | f

SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'market' ORDER BY 1, 2;
--> tablename | indexname | indexdef
--> Mixed Case | Mixed Case_pkey | CREATE UNIQUE INDEX "Mixed Case_pkey" ON market."Mixed Case" USING btree ("Key")
--> accounts | accounts_pkey | CREATE UNIQUE INDEX accounts_pkey ON market.accounts USING btree (id)
--> instruments | instruments_pkey | CREATE UNIQUE INDEX instruments_pkey ON market.instruments USING btree (symbol)
--> notes | notes_pkey | CREATE UNIQUE INDEX notes_pkey ON market.notes USING btree (id)
--> orders | orders_open | CREATE INDEX orders_open ON market.orders USING btree (symbol, placed) WHERE ((status)::text = 'open'::text)
--> orders | orders_pkey | CREATE UNIQUE INDEX orders_pkey ON market.orders USING btree (id)
--> positions | positions_pkey | CREATE UNIQUE INDEX positions_pkey ON market.positions USING btree (account_id, symbol)
--> sessions | sessions_pkey | CREATE UNIQUE INDEX sessions_pkey ON market.sessions USING btree (token)
--> trades | trades_order_id_executed_key | CREATE UNIQUE INDEX trades_order_id_executed_key ON market.trades USING btree (order_id, executed)
--> trades | trades_pkey | CREATE UNIQUE INDEX trades_pkey ON market.trades USING btree (id)
--> trades | trades_symbol_cover | CREATE INDEX trades_symbol_cover ON market.trades USING btree (symbol) INCLUDE (price, quantity)
--> trades | trades_user_time | CREATE INDEX trades_user_time ON market.trades USING btree (user_id, executed DESC)
--> users | users_email_key | CREATE UNIQUE INDEX users_email_key ON market.users USING btree (email)
--> users | users_lower_email | CREATE UNIQUE INDEX users_lower_email ON market.users USING btree (lower(email))
--> users | users_pkey | CREATE UNIQUE INDEX users_pkey ON market.users USING btree (id)
--~> tablename | indexname | indexdef
--~> Mixed Case | Mixed Case_pkey | CREATE UNIQUE INDEX "Mixed Case_pkey" ON market."Mixed Case" USING btree ("Key")
--~> accounts | accounts_pkey | CREATE UNIQUE INDEX accounts_pkey ON market.accounts USING btree (id)
--~> accounts | accounts_user_id_fkey_index | CREATE INDEX accounts_user_id_fkey_index ON market.accounts USING btree (user_id)
--~> instruments | instruments_pkey | CREATE UNIQUE INDEX instruments_pkey ON market.instruments USING btree (symbol)
--~> notes | notes_parent_fkey_index | CREATE INDEX notes_parent_fkey_index ON market.notes USING btree (parent)
--~> notes | notes_pkey | CREATE UNIQUE INDEX notes_pkey ON market.notes USING btree (id)
--~> orders | orders_account_id_fkey_index | CREATE INDEX orders_account_id_fkey_index ON market.orders USING btree (account_id)
--~> orders | orders_open | CREATE INDEX orders_open ON market.orders USING btree (symbol, placed) WHERE ((status)::text = 'open'::text)
--~> orders | orders_pkey | CREATE UNIQUE INDEX orders_pkey ON market.orders USING btree (id)
--~> orders | orders_symbol_fkey_index | CREATE INDEX orders_symbol_fkey_index ON market.orders USING btree (symbol)
--~> positions | positions_pkey | CREATE UNIQUE INDEX positions_pkey ON market.positions USING btree (account_id, symbol)
--~> sessions | sessions_pkey | CREATE UNIQUE INDEX sessions_pkey ON market.sessions USING btree (token)
--~> trades | trades_order_id_executed_key | CREATE UNIQUE INDEX trades_order_id_executed_key ON market.trades USING btree (order_id, executed)
--~> trades | trades_pkey | CREATE UNIQUE INDEX trades_pkey ON market.trades USING btree (id)
--~> trades | trades_symbol_cover | CREATE INDEX trades_symbol_cover ON market.trades USING btree (symbol) INCLUDE (price, quantity)
--~> trades | trades_user_time | CREATE INDEX trades_user_time ON market.trades USING btree (user_id, executed DESC)
--~> users | users_email_key | CREATE UNIQUE INDEX users_email_key ON market.users USING btree (email)
--~> users | users_lower_email | CREATE UNIQUE INDEX users_lower_email ON market.users USING btree (lower(email))
--~> users | users_pkey | CREATE UNIQUE INDEX users_pkey ON market.users USING btree (id)

SELECT schemaname, viewname FROM pg_views WHERE schemaname = 'market';
--> schemaname | viewname
--> market | big_trades

SELECT sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size, last_value FROM pg_sequences WHERE schemaname = 'market' AND sequencename = 'ticket_seq';
--> sequencename | data_type | start_value | min_value | max_value | increment_by | cycle | cache_size | last_value
--> ticket_seq | bigint | 100 | 1 | # | 5 | f | 1 | NULL

SELECT relname, n_live_tup, n_dead_tup FROM pg_stat_user_tables WHERE schemaname = 'market' ORDER BY 1;
--> relname | n_live_tup | n_dead_tup
--> Mixed Case | 0 | 0
--> accounts | 0 | 0
--> instruments | 0 | 0
--> notes | 0 | 0
--> orders | 0 | 0
--> positions | 0 | 0
--> quotes | 0 | 0
--> sessions | 0 | 0
--> trades | 0 | 0
--> users | 0 | 0

SELECT relname, indexrelname FROM pg_stat_user_indexes WHERE schemaname = 'market' ORDER BY 1, 2;
--> relname | indexrelname
--> Mixed Case | Mixed Case_pkey
--> accounts | accounts_pkey
--> instruments | instruments_pkey
--> notes | notes_pkey
--> orders | orders_open
--> orders | orders_pkey
--> positions | positions_pkey
--> sessions | sessions_pkey
--> trades | trades_order_id_executed_key
--> trades | trades_pkey
--> trades | trades_symbol_cover
--> trades | trades_user_time
--> users | users_email_key
--> users | users_lower_email
--> users | users_pkey
--~> relname | indexrelname
--~> Mixed Case | Mixed Case_pkey
--~> accounts | accounts_pkey
--~> accounts | accounts_user_id_fkey_index
--~> instruments | instruments_pkey
--~> notes | notes_parent_fkey_index
--~> notes | notes_pkey
--~> orders | orders_account_id_fkey_index
--~> orders | orders_open
--~> orders | orders_pkey
--~> orders | orders_symbol_fkey_index
--~> positions | positions_pkey
--~> sessions | sessions_pkey
--~> trades | trades_order_id_executed_key
--~> trades | trades_pkey
--~> trades | trades_symbol_cover
--~> trades | trades_user_time
--~> users | users_email_key
--~> users | users_lower_email
--~> users | users_pkey

SELECT enumlabel, enumsortorder FROM pg_enum WHERE enumtypid = 'side'::regtype ORDER BY enumsortorder;
--> enumlabel | enumsortorder
--> buy | 1
--> sell | 2

SELECT 'trades'::regclass, 'market.trades'::regclass::text, 'integer'::regtype, 'side'::regtype::text, 'side[]'::regtype::text, 'market'::regnamespace, 'now'::regproc, '"Mixed Case"'::regclass;
--> regclass | text | regtype | text | text | regnamespace | regproc | regclass
--> trades | trades | integer | side | side[] | market | now | "Mixed Case"

SELECT 'pg_class'::regclass::oid, 'int4'::regtype::oid, 'pg_catalog'::regnamespace::oid, to_regclass('nothing'), to_regtype('nothing'), to_regclass('trades') = 'trades'::regclass AS same;
--> oid | oid | oid | to_regclass | to_regtype | same
--> 1259 | 23 | 11 | NULL | NULL | t

SELECT 'nothing'::regclass;
--! 42P01: relation "nothing" does not exist

SELECT format_type('numeric'::regtype, 786438), format_type(1043, 36), format_type(1042, 6), format_type(1042, -1), format_type(1042, NULL), format_type(1114, 3), format_type(1007, NULL), format_type(18, NULL), format_type(0, NULL), format_type(4294967295, NULL);
--> format_type | format_type | format_type | format_type | format_type | format_type | format_type | format_type | format_type | format_type
--> numeric(12,2) | character varying(32) | character(2) | bpchar | character | timestamp(3) without time zone | integer[] | "char" | - | ???

SELECT pg_size_pretty(10::bigint), pg_size_pretty(10240::bigint), pg_size_pretty(10485760::bigint), pg_size_pretty(123456789012::bigint), pg_size_pretty(20.5::numeric);
--> pg_size_pretty | pg_size_pretty | pg_size_pretty | pg_size_pretty | pg_size_pretty
--> 10 bytes | 10 kB | 10 MB | 115 GB | 20.5 bytes

SELECT has_table_privilege('trades', 'select'), has_table_privilege(user, 'market.trades', 'INSERT'), has_schema_privilege('market', 'usage'), has_column_privilege('trades', 'id', 'select');
--> has_table_privilege | has_table_privilege | has_schema_privilege | has_column_privilege
--> t | t | t | t

SELECT has_table_privilege('nothing', 'select');
--! 42P01: relation "nothing" does not exist

SELECT current_schema(), current_schemas(false), current_schemas(true), pg_is_in_recovery(), pg_my_temp_schema(), inet_server_addr();
--> current_schema | current_schemas | current_schemas | pg_is_in_recovery | pg_my_temp_schema | inet_server_addr
--> market | {market} | {pg_catalog,market} | f | 0 | NULL

SELECT obj_description('trades'::regclass, 'pg_class'), col_description('trades'::regclass, 5), obj_description('users'::regclass, 'pg_class'), shobj_description(1, 'pg_database');
--> obj_description | col_description | obj_description | shobj_description
--> Executions | Price of one unit | NULL | default template for new databases
--~> obj_description | col_description | obj_description | shobj_description
--~> Executions | Price of one unit | NULL | NULL

SELECT attname, attnum, attnotnull, atthasdef, atttypid::regtype, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'pg_class'::regclass AND attnum BETWEEN 1 AND 40 ORDER BY attnum;
--> attname | attnum | attnotnull | atthasdef | atttypid | format_type
--> oid | 1 | t | f | oid | oid
--> relname | 2 | t | f | name | name
--> relnamespace | 3 | t | f | oid | oid
--> reltype | 4 | t | f | oid | oid
--> reloftype | 5 | t | f | oid | oid
--> relowner | 6 | t | f | oid | oid
--> relam | 7 | t | f | oid | oid
--> relfilenode | 8 | t | f | oid | oid
--> reltablespace | 9 | t | f | oid | oid
--> relpages | 10 | t | f | integer | integer
--> reltuples | 11 | t | f | real | real
--> relallvisible | 12 | t | f | integer | integer
--> reltoastrelid | 13 | t | f | oid | oid
--> relhasindex | 14 | t | f | boolean | boolean
--> relisshared | 15 | t | f | boolean | boolean
--> relpersistence | 16 | t | f | "char" | "char"
--> relkind | 17 | t | f | "char" | "char"
--> relnatts | 18 | t | f | smallint | smallint
--> relchecks | 19 | t | f | smallint | smallint
--> relhasrules | 20 | t | f | boolean | boolean
--> relhastriggers | 21 | t | f | boolean | boolean
--> relhassubclass | 22 | t | f | boolean | boolean
--> relrowsecurity | 23 | t | f | boolean | boolean
--> relforcerowsecurity | 24 | t | f | boolean | boolean
--> relispopulated | 25 | t | f | boolean | boolean
--> relreplident | 26 | t | f | "char" | "char"
--> relispartition | 27 | t | f | boolean | boolean
--> relrewrite | 28 | t | f | oid | oid
--> relfrozenxid | 29 | t | f | xid | xid
--> relminmxid | 30 | t | f | xid | xid
--> relacl | 31 | f | f | aclitem[] | aclitem[]
--> reloptions | 32 | f | f | text[] | text[]
--> relpartbound | 33 | f | f | pg_node_tree | pg_node_tree

SELECT relname, relkind FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v') AND oid < 16384 ORDER BY 1;
--> relname | relkind
--> pg_aggregate | r
--> pg_am | r
--> pg_amop | r
--> pg_amproc | r
--> pg_attrdef | r
--> pg_attribute | r
--> pg_auth_members | r
--> pg_authid | r
--> pg_available_extension_versions | v
--> pg_available_extensions | v
--> pg_backend_memory_contexts | v
--> pg_cast | r
--> pg_class | r
--> pg_collation | r
--> pg_config | v
--> pg_constraint | r
--> pg_conversion | r
--> pg_cursors | v
--> pg_database | r
--> pg_db_role_setting | r
--> pg_default_acl | r
--> pg_depend | r
--> pg_description | r
--> pg_enum | r
--> pg_event_trigger | r
--> pg_extension | r
--> pg_file_settings | v
--> pg_foreign_data_wrapper | r
--> pg_foreign_server | r
--> pg_foreign_table | r
--> pg_group | v
--> pg_hba_file_rules | v
--> pg_ident_file_mappings | v
--> pg_index | r
--> pg_indexes | v
--> pg_inherits | r
--> pg_init_privs | r
--> pg_language | r
--> pg_largeobject | r
--> pg_largeobject_metadata | r
--> pg_locks | v
--> pg_matviews | v
--> pg_namespace | r
--> pg_opclass | r
--> pg_operator | r
--> pg_opfamily | r
--> pg_parameter_acl | r
--> pg_partitioned_table | r
--> pg_policies | v
--> pg_policy | r
--> pg_prepared_statements | v
--> pg_prepared_xacts | v
--> pg_proc | r
--> pg_publication | r
--> pg_publication_namespace | r
--> pg_publication_rel | r
--> pg_publication_tables | v
--> pg_range | r
--> pg_replication_origin | r
--> pg_replication_origin_status | v
--> pg_replication_slots | v
--> pg_rewrite | r
--> pg_roles | v
--> pg_rules | v
--> pg_seclabel | r
--> pg_seclabels | v
--> pg_sequence | r
--> pg_sequences | v
--> pg_settings | v
--> pg_shadow | v
--> pg_shdepend | r
--> pg_shdescription | r
--> pg_shmem_allocations | v
--> pg_shseclabel | r
--> pg_stat_activity | v
--> pg_stat_all_indexes | v
--> pg_stat_all_tables | v
--> pg_stat_archiver | v
--> pg_stat_bgwriter | v
--> pg_stat_database | v
--> pg_stat_database_conflicts | v
--> pg_stat_gssapi | v
--> pg_stat_progress_analyze | v
--> pg_stat_progress_basebackup | v
--> pg_stat_progress_cluster | v
--> pg_stat_progress_copy | v
--> pg_stat_progress_create_index | v
--> pg_stat_progress_vacuum | v
--> pg_stat_recovery_prefetch | v
--> pg_stat_replication | v
--> pg_stat_replication_slots | v
--> pg_stat_slru | v
--> pg_stat_ssl | v
--> pg_stat_subscription | v
--> pg_stat_subscription_stats | v
--> pg_stat_sys_indexes | v
--> pg_stat_sys_tables | v
--> pg_stat_user_functions | v
--> pg_stat_user_indexes | v
--> pg_stat_user_tables | v
--> pg_stat_wal | v
--> pg_stat_wal_receiver | v
--> pg_stat_xact_all_tables | v
--> pg_stat_xact_sys_tables | v
--> pg_stat_xact_user_functions | v
--> pg_stat_xact_user_tables | v
--> pg_statio_all_indexes | v
--> pg_statio_all_sequences | v
--> pg_statio_all_tables | v
--> pg_statio_sys_indexes | v
--> pg_statio_sys_sequences | v
--> pg_statio_sys_tables | v
--> pg_statio_user_indexes | v
--> pg_statio_user_sequences | v
--> pg_statio_user_tables | v
--> pg_statistic | r
--> pg_statistic_ext | r
--> pg_statistic_ext_data | r
--> pg_stats | v
--> pg_stats_ext | v
--> pg_stats_ext_exprs | v
--> pg_subscription | r
--> pg_subscription_rel | r
--> pg_tables | v
--> pg_tablespace | r
--> pg_timezone_abbrevs | v
--> pg_timezone_names | v
--> pg_transform | r
--> pg_trigger | r
--> pg_ts_config | r
--> pg_ts_config_map | r
--> pg_ts_dict | r
--> pg_ts_parser | r
--> pg_ts_template | r
--> pg_type | r
--> pg_user | v
--> pg_user_mapping | r
--> pg_user_mappings | v
--> pg_views | v
--~> relname | relkind
--~> pg_aggregate | r
--~> pg_am | r
--~> pg_amop | r
--~> pg_amproc | r
--~> pg_attrdef | r
--~> pg_attribute | r
--~> pg_auth_members | r
--~> pg_authid | r
--~> pg_available_extension_versions | v
--~> pg_available_extensions | v
--~> pg_backend_memory_contexts | v
--~> pg_cast | r
--~> pg_class | r
--~> pg_collation | r
--~> pg_config | v
--~> pg_constraint | r
--~> pg_conversion | r
--~> pg_cursors | v
--~> pg_database | r
--~> pg_db_role_setting | r
--~> pg_default_acl | r
--~> pg_depend | r
--~> pg_description | r
--~> pg_enum | r
--~> pg_event_trigger | r
--~> pg_extension | r
--~> pg_file_settings | v
--~> pg_foreign_data_wrapper | r
--~> pg_foreign_server | r
--~> pg_foreign_table | r
--~> pg_group | v
--~> pg_hba_file_rules | v
--~> pg_ident_file_mappings | v
--~> pg_index | r
--~> pg_indexes | v
--~> pg_inherits | r
--~> pg_init_privs | r
--~> pg_language | r
--~> pg_largeobject | r
--~> pg_largeobject_metadata | r
--~> pg_locks | v
--~> pg_matviews | v
--~> pg_namespace | r
--~> pg_opclass | r
--~> pg_operator | r
--~> pg_opfamily | r
--~> pg_parameter_acl | r
--~> pg_partitioned_table | r
--~> pg_policies | v
--~> pg_policy | r
--~> pg_prepared_statements | v
--~> pg_prepared_xacts | v
--~> pg_proc | r
--~> pg_publication | r
--~> pg_publication_namespace | r
--~> pg_publication_rel | r
--~> pg_publication_tables | v
--~> pg_range | r
--~> pg_replication_origin | r
--~> pg_replication_origin_status | v
--~> pg_replication_slots | v
--~> pg_rewrite | r
--~> pg_roles | v
--~> pg_rules | v
--~> pg_seclabel | r
--~> pg_seclabels | v
--~> pg_sequence | r
--~> pg_sequences | v
--~> pg_settings | v
--~> pg_shadow | v
--~> pg_shdepend | r
--~> pg_shdescription | r
--~> pg_shmem_allocations | v
--~> pg_shseclabel | r
--~> pg_stat_activity | v
--~> pg_stat_all_indexes | v
--~> pg_stat_all_tables | v
--~> pg_stat_archiver | v
--~> pg_stat_bgwriter | v
--~> pg_stat_database | v
--~> pg_stat_database_conflicts | v
--~> pg_stat_gssapi | v
--~> pg_stat_progress_analyze | v
--~> pg_stat_progress_basebackup | v
--~> pg_stat_progress_cluster | v
--~> pg_stat_progress_copy | v
--~> pg_stat_progress_create_index | v
--~> pg_stat_progress_vacuum | v
--~> pg_stat_recovery_prefetch | v
--~> pg_stat_replication | v
--~> pg_stat_replication_slots | v
--~> pg_stat_slru | v
--~> pg_stat_ssl | v
--~> pg_stat_statements | v
--~> pg_stat_subscription | v
--~> pg_stat_subscription_stats | v
--~> pg_stat_sys_indexes | v
--~> pg_stat_sys_tables | v
--~> pg_stat_user_functions | v
--~> pg_stat_user_indexes | v
--~> pg_stat_user_tables | v
--~> pg_stat_wal | v
--~> pg_stat_wal_receiver | v
--~> pg_stat_xact_all_tables | v
--~> pg_stat_xact_sys_tables | v
--~> pg_stat_xact_user_functions | v
--~> pg_stat_xact_user_tables | v
--~> pg_statio_all_indexes | v
--~> pg_statio_all_sequences | v
--~> pg_statio_all_tables | v
--~> pg_statio_sys_indexes | v
--~> pg_statio_sys_sequences | v
--~> pg_statio_sys_tables | v
--~> pg_statio_user_indexes | v
--~> pg_statio_user_sequences | v
--~> pg_statio_user_tables | v
--~> pg_statistic | r
--~> pg_statistic_ext | r
--~> pg_statistic_ext_data | r
--~> pg_stats | v
--~> pg_stats_ext | v
--~> pg_stats_ext_exprs | v
--~> pg_subscription | r
--~> pg_subscription_rel | r
--~> pg_tables | v
--~> pg_tablespace | r
--~> pg_timezone_abbrevs | v
--~> pg_timezone_names | v
--~> pg_transform | r
--~> pg_trigger | r
--~> pg_ts_config | r
--~> pg_ts_config_map | r
--~> pg_ts_dict | r
--~> pg_ts_parser | r
--~> pg_ts_template | r
--~> pg_type | r
--~> pg_user | v
--~> pg_user_mapping | r
--~> pg_user_mappings | v
--~> pg_views | v

SELECT c.relname, (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) FROM pg_class c WHERE c.relkind = 'i' AND c.relnamespace = 'market'::regnamespace ORDER BY 1;
--> relname | array_agg
--> Mixed Case_pkey | {Key}
--> accounts_pkey | {id}
--> instruments_pkey | {symbol}
--> notes_pkey | {id}
--> orders_open | {symbol,placed}
--> orders_pkey | {id}
--> positions_pkey | {account_id,symbol}
--> sessions_pkey | {token}
--> trades_order_id_executed_key | {order_id,executed}
--> trades_pkey | {id}
--> trades_symbol_cover | {symbol,price,quantity}
--> trades_user_time | {user_id,executed}
--> users_email_key | {email}
--> users_lower_email | {lower}
--> users_pkey | {id}
--~> relname | array_agg
--~> Mixed Case_pkey | {Key}
--~> accounts_pkey | {id}
--~> accounts_user_id_fkey_index | {user_id}
--~> instruments_pkey | {symbol}
--~> notes_parent_fkey_index | {parent}
--~> notes_pkey | {id}
--~> orders_account_id_fkey_index | {account_id}
--~> orders_open | {symbol,placed}
--~> orders_pkey | {id}
--~> orders_symbol_fkey_index | {symbol}
--~> positions_pkey | {account_id,symbol}
--~> sessions_pkey | {token}
--~> trades_order_id_executed_key | {order_id,executed}
--~> trades_pkey | {id}
--~> trades_symbol_cover | {symbol,price,quantity}
--~> trades_user_time | {user_id,executed}
--~> users_email_key | {email}
--~> users_lower_email | {lower}
--~> users_pkey | {id}

SELECT 't'::"char", 'trades'::regclass::oid = 'trades'::regclass AS same, ''::"char" = '' AS empty, 'abc'::"char";
--> char | same | empty | char
--> t | t | t | a

SELECT indkey, indkey[0], indkey::int2[], indoption, array_upper(indkey, 1), array_lower(indkey, 1) FROM pg_index WHERE indexrelid = 'trades_user_time'::regclass;
--> indkey | indkey | indkey | indoption | array_upper | array_lower
--> 3 8 | 3 | [0:1]={3,8} | 0 3 | 1 | 0

SELECT word, catcode, catdesc FROM pg_get_keywords() WHERE word IN ('select', 'zone', 'between') ORDER BY 1;
--> word | catcode | catdesc
--> between | C | unreserved (cannot be function or type name)
--> select | R | reserved
--> zone | U | unreserved

SET search_path = public;

DROP SCHEMA market CASCADE;
