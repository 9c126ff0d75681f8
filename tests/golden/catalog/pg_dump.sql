-- What pg_dump asks
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

SELECT pg_catalog.pg_is_in_recovery();
--> pg_is_in_recovery
--> f

SELECT oid, rolname FROM pg_catalog.pg_roles ORDER BY 1;
--> oid | rolname
--> 10 | postgres
--> 3373 | pg_monitor
--> 3374 | pg_read_all_settings
--> 3375 | pg_read_all_stats
--> 3377 | pg_stat_scan_tables
--> 4200 | pg_signal_backend
--> 4544 | pg_checkpoint
--> 4569 | pg_read_server_files
--> 4570 | pg_write_server_files
--> 4571 | pg_execute_server_program
--> 6171 | pg_database_owner
--> 6181 | pg_read_all_data
--> 6182 | pg_write_all_data
--~> oid | rolname
--~> 10 | postgres

SELECT x.tableoid, x.oid, x.extname, n.nspname, x.extrelocatable, x.extversion, x.extconfig, x.extcondition FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace;
--> tableoid | oid | extname | nspname | extrelocatable | extversion | extconfig | extcondition
--> 3079 | 13559 | plpgsql | pg_catalog | f | 1.0 | NULL | NULL
--~> tableoid | oid | extname | nspname | extrelocatable | extversion | extconfig | extcondition

SELECT classid, objid, refobjid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' ORDER BY 3;
--> classid | objid | refobjid
--> 1255 | 13560 | 13559
--> 1255 | 13561 | 13559
--> 1255 | 13562 | 13559
--> 2612 | 13563 | 13559
--~> classid | objid | refobjid

SELECT n.tableoid, n.oid, n.nspname, n.nspowner, n.nspacl, acldefault('n', n.nspowner) AS acldefault FROM pg_namespace n;
--> tableoid | oid | nspname | nspowner | nspacl | acldefault
--> 2615 | # | golden | 10 | NULL | {postgres=UC/postgres}
--> 2615 | # | market | 10 | NULL | {postgres=UC/postgres}
--> 2615 | 11 | pg_catalog | 10 | {postgres=UC/postgres,=U/postgres} | {postgres=UC/postgres}
--> 2615 | 13207 | information_schema | 10 | {postgres=UC/postgres,=U/postgres} | {postgres=UC/postgres}
--> 2615 | 2200 | public | 6171 | {pg_database_owner=UC/pg_database_owner,=U/pg_database_owner} | {pg_database_owner=UC/pg_database_owner}
--> 2615 | 99 | pg_toast | 10 | NULL | {postgres=UC/postgres}
--~> tableoid | oid | nspname | nspowner | nspacl | acldefault
--~> 2615 | # | market | 10 | NULL | NULL
--~> 2615 | 11 | pg_catalog | 10 | NULL | NULL
--~> 2615 | 13207 | information_schema | 10 | NULL | NULL
--~> 2615 | 2200 | public | 10 | NULL | NULL
--~> 2615 | 99 | pg_toast | 10 | NULL | NULL

SELECT c.tableoid, c.oid, c.relname, c.relnamespace, c.relkind, c.reltype, c.relowner, c.relchecks, c.relhasindex, c.relhasrules, c.relpages, c.relhastriggers, c.relpersistence, c.reloftype, c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner) AS acldefault, CASE WHEN c.relkind = 'f' THEN (SELECT ftserver FROM pg_catalog.pg_foreign_table WHERE ftrelid = c.oid) ELSE 0 END AS foreignserver, c.relfrozenxid, tc.relfrozenxid AS tfrozenxid, tc.oid AS toid, tc.relpages AS toastpages, tc.reloptions AS toast_reloptions, d.refobjid AS owning_tab, d.refobjsubid AS owning_col, tsp.spcname AS reltablespace, false AS relhasoids, c.relispopulated, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.relminmxid, tc.relminmxid AS tminmxid, array_remove(array_remove(c.reloptions,'check_option=local'),'check_option=cascaded') AS reloptions, CASE WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL'::text WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED'::text ELSE NULL END AS checkoption, am.amname, (d.deptype = 'i') IS TRUE AS is_identity_sequence, c.relispartition AS ispartition
FROM pg_class c
LEFT JOIN pg_depend d ON (c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
LEFT JOIN pg_tablespace tsp ON (tsp.oid = c.reltablespace)
LEFT JOIN pg_am am ON (c.relam = am.oid)
LEFT JOIN pg_class tc ON (c.reltoastrelid = tc.oid AND tc.relkind = 't' AND c.relkind <> 'p')
WHERE c.relkind IN ('r', 'S', 'v', 'c', 'm', 'f', 'p')
ORDER BY c.oid;
--> tableoid | oid | relname | relnamespace | relkind | reltype | relowner | relchecks | relhasindex | relhasrules | relpages | relhastriggers | relpersistence | reloftype | relacl | acldefault | foreignserver | relfrozenxid | tfrozenxid | toid | toastpages | toast_reloptions | owning_tab | owning_col | reltablespace | relhasoids | relispopulated | relreplident | relrowsecurity | relforcerowsecurity | relminmxid | tminmxid | reloptions | checkoption | amname | is_identity_sequence | ispartition
--> 1259 | 826 | pg_default_acl | 11 | r | 10088 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4143 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 1213 | pg_tablespace | 11 | r | 10056 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4185 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 1214 | pg_shdepend | 11 | r | 10060 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 1247 | pg_type | 11 | r | 71 | 10 | 0 | t | f | 15 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1526 | 716 | 4171 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 1249 | pg_attribute | 11 | r | 75 | 10 | 0 | t | f | 56 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1528 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 1255 | pg_proc | 11 | r | 81 | 10 | 0 | t | f | 96 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 2836 | 1 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 1259 | pg_class | 11 | r | 83 | 10 | 0 | t | f | 14 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1530 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 1260 | pg_authid | 11 | r | 2842 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4175 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 1261 | pg_auth_members | 11 | r | 2843 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 1262 | pg_database | 11 | r | 1248 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 719 | 722 | 4177 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 1417 | pg_foreign_server | 11 | r | 10078 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4151 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 1418 | pg_user_mapping | 11 | r | 10080 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4173 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2224 | pg_sequence | 11 | r | 10105 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2328 | pg_foreign_data_wrapper | 11 | r | 10076 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4149 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2396 | pg_shdescription | 11 | r | 10062 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 2846 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2600 | pg_aggregate | 11 | r | 10027 | 10 | 0 | t | f | 2 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4159 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2601 | pg_am | 11 | r | 10015 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2602 | pg_amop | 11 | r | 10017 | 10 | 0 | t | f | 7 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2603 | pg_amproc | 11 | r | 10019 | 10 | 0 | t | f | 5 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2604 | pg_attrdef | 11 | r | 10001 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1532 | 716 | 2830 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2605 | pg_cast | 11 | r | 10043 | 10 | 0 | t | f | 2 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2606 | pg_constraint | 11 | r | 10003 | 10 | 0 | t | f | 3 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1533 | 716 | 2832 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2607 | pg_conversion | 11 | r | 10049 | 10 | 0 | t | f | 2 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2608 | pg_depend | 11 | r | 10051 | 10 | 0 | t | f | 14 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1538 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2609 | pg_description | 11 | r | 10041 | 10 | 0 | t | f | 44 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 2834 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2610 | pg_index | 11 | r | 10007 | 10 | 0 | t | f | 4 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1535 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2611 | pg_inherits | 11 | r | 10005 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2612 | pg_language | 11 | r | 10021 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4157 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2613 | pg_largeobject | 11 | r | 10025 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2615 | pg_namespace | 11 | r | 10047 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4163 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2616 | pg_opclass | 11 | r | 10013 | 10 | 0 | t | f | 3 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2617 | pg_operator | 11 | r | 10009 | 10 | 0 | t | f | 14 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2618 | pg_rewrite | 11 | r | 10035 | 10 | 0 | t | f | 14 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 2838 | 64 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2619 | pg_statistic | 11 | r | 10029 | 10 | 0 | t | f | 24 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 1527 | 716 | 2840 | 3 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2620 | pg_trigger | 11 | r | 10037 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 1537 | 716 | 2336 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2753 | pg_opfamily | 11 | r | 10011 | 10 | 0 | t | f | 2 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 2964 | pg_db_role_setting | 11 | r | 10054 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 2966 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 2995 | pg_largeobject_metadata | 11 | r | 10023 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 3079 | pg_extension | 11 | r | 10074 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4147 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3118 | pg_foreign_table | 11 | r | 10082 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4153 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3256 | pg_policy | 11 | r | 10084 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4167 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3350 | pg_partitioned_table | 11 | r | 10099 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4165 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3381 | pg_statistic_ext | 11 | r | 10031 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 3439 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3394 | pg_init_privs | 11 | r | 10090 | 10 | 0 | t | f | 3 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4155 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3429 | pg_statistic_ext_data | 11 | r | 10033 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 3430 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3456 | pg_collation | 11 | r | 10095 | 10 | 0 | t | f | 14 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 6175 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3466 | pg_event_trigger | 11 | r | 10039 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4145 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3501 | pg_enum | 11 | r | 10045 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 3541 | pg_range | 11 | r | 10101 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 3576 | pg_transform | 11 | r | 10103 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 3592 | pg_shseclabel | 11 | r | 4066 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4060 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3596 | pg_seclabel | 11 | r | 10092 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 3598 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3600 | pg_ts_dict | 11 | r | 10068 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4169 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 3601 | pg_ts_parser | 11 | r | 10070 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 3602 | pg_ts_config | 11 | r | 10064 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 3603 | pg_ts_config_map | 11 | r | 10066 | 10 | 0 | t | f | 3 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 3764 | pg_ts_template | 11 | r | 10072 | 10 | 0 | t | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 6000 | pg_replication_origin | 11 | r | 10086 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4181 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 6100 | pg_subscription | 11 | r | 6101 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 4183 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 6102 | pg_subscription_rel | 11 | r | 10114 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 6104 | pg_publication | 11 | r | 10107 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 6106 | pg_publication_rel | 11 | r | 10111 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 6228 | 0 | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 6237 | pg_publication_namespace | 11 | r | 10109 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | 6243 | pg_parameter_acl | 11 | r | 10097 | 10 | 0 | t | f | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 6244 | 0 | NULL | NULL | NULL | pg_global | f | t | n | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 12000 | pg_roles | 11 | v | 12002 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12005 | pg_shadow | 11 | v | 12007 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12010 | pg_group | 11 | v | 12012 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12014 | pg_user | 11 | v | 12016 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12018 | pg_policies | 11 | v | 12020 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12023 | pg_rules | 11 | v | 12025 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12028 | pg_views | 11 | v | 12030 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12033 | pg_tables | 11 | v | 12035 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12038 | pg_matviews | 11 | v | 12040 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12043 | pg_indexes | 11 | v | 12045 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12048 | pg_sequences | 11 | v | 12050 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12053 | pg_stats | 11 | v | 12055 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | {security_barrier=true} | NULL | NULL | f | f
--> 1259 | 12058 | pg_stats_ext | 11 | v | 12060 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | {security_barrier=true} | NULL | NULL | f | f
--> 1259 | 12063 | pg_stats_ext_exprs | 11 | v | 12065 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | {security_barrier=true} | NULL | NULL | f | f
--> 1259 | 12068 | pg_publication_tables | 11 | v | 12070 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12073 | pg_locks | 11 | v | 12075 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12077 | pg_cursors | 11 | v | 12079 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12081 | pg_available_extensions | 11 | v | 12083 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12085 | pg_available_extension_versions | 11 | v | 12087 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12090 | pg_prepared_xacts | 11 | v | 12092 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12095 | pg_prepared_statements | 11 | v | 12097 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12099 | pg_seclabels | 11 | v | 12101 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12104 | pg_settings | 11 | v | 12106 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=rw/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12110 | pg_file_settings | 11 | v | 12112 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12114 | pg_hba_file_rules | 11 | v | 12116 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12118 | pg_ident_file_mappings | 11 | v | 12120 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12122 | pg_timezone_abbrevs | 11 | v | 12124 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12126 | pg_timezone_names | 11 | v | 12128 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12130 | pg_config | 11 | v | 12132 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12134 | pg_shmem_allocations | 11 | v | 12136 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,pg_read_all_stats=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12138 | pg_backend_memory_contexts | 11 | v | 12140 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,pg_read_all_stats=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12142 | pg_stat_all_tables | 11 | v | 12144 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12147 | pg_stat_xact_all_tables | 11 | v | 12149 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12152 | pg_stat_sys_tables | 11 | v | 12154 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12157 | pg_stat_xact_sys_tables | 11 | v | 12159 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12161 | pg_stat_user_tables | 11 | v | 12163 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12166 | pg_stat_xact_user_tables | 11 | v | 12168 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12170 | pg_statio_all_tables | 11 | v | 12172 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12175 | pg_statio_sys_tables | 11 | v | 12177 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12179 | pg_statio_user_tables | 11 | v | 12181 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12183 | pg_stat_all_indexes | 11 | v | 12185 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12188 | pg_stat_sys_indexes | 11 | v | 12190 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12192 | pg_stat_user_indexes | 11 | v | 12194 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12196 | pg_statio_all_indexes | 11 | v | 12198 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12201 | pg_statio_sys_indexes | 11 | v | 12203 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12205 | pg_statio_user_indexes | 11 | v | 12207 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12209 | pg_statio_all_sequences | 11 | v | 12211 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12214 | pg_statio_sys_sequences | 11 | v | 12216 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12218 | pg_statio_user_sequences | 11 | v | 12220 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12222 | pg_stat_activity | 11 | v | 12224 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12227 | pg_stat_replication | 11 | v | 12229 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12232 | pg_stat_slru | 11 | v | 12234 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12236 | pg_stat_wal_receiver | 11 | v | 12238 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12240 | pg_stat_recovery_prefetch | 11 | v | 12242 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12244 | pg_stat_subscription | 11 | v | 12246 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12249 | pg_stat_ssl | 11 | v | 12251 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12253 | pg_stat_gssapi | 11 | v | 12255 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12257 | pg_replication_slots | 11 | v | 12259 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12262 | pg_stat_replication_slots | 11 | v | 12264 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12266 | pg_stat_database | 11 | v | 12268 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12271 | pg_stat_database_conflicts | 11 | v | 12273 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12275 | pg_stat_user_functions | 11 | v | 12277 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12280 | pg_stat_xact_user_functions | 11 | v | 12282 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12285 | pg_stat_archiver | 11 | v | 12287 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12289 | pg_stat_bgwriter | 11 | v | 12291 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12293 | pg_stat_wal | 11 | v | 12295 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12297 | pg_stat_progress_analyze | 11 | v | 12299 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12302 | pg_stat_progress_vacuum | 11 | v | 12304 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12307 | pg_stat_progress_cluster | 11 | v | 12309 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12312 | pg_stat_progress_create_index | 11 | v | 12314 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12317 | pg_stat_progress_basebackup | 11 | v | 12319 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12322 | pg_stat_progress_copy | 11 | v | 12324 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12327 | pg_user_mappings | 11 | v | 12329 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12332 | pg_replication_origin_status | 11 | v | 12334 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 12336 | pg_stat_subscription_stats | 11 | v | 12338 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13227 | information_schema_catalog_name | 13207 | v | 13229 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13236 | applicable_roles | 13207 | v | 13238 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13241 | administrable_role_authorizations | 13207 | v | 13243 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13245 | attributes | 13207 | v | 13247 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13250 | character_sets | 13207 | v | 13252 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13255 | check_constraint_routine_usage | 13207 | v | 13257 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13260 | check_constraints | 13207 | v | 13262 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13265 | collations | 13207 | v | 13267 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13270 | collation_character_set_applicability | 13207 | v | 13272 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13275 | column_column_usage | 13207 | v | 13277 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13280 | column_domain_usage | 13207 | v | 13282 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13285 | column_privileges | 13207 | v | 13287 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13290 | column_udt_usage | 13207 | v | 13292 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13295 | columns | 13207 | v | 13297 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13300 | constraint_column_usage | 13207 | v | 13302 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13305 | constraint_table_usage | 13207 | v | 13307 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13310 | domain_constraints | 13207 | v | 13312 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13315 | domain_udt_usage | 13207 | v | 13317 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13320 | domains | 13207 | v | 13322 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13325 | enabled_roles | 13207 | v | 13327 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13329 | key_column_usage | 13207 | v | 13331 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13334 | parameters | 13207 | v | 13336 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13339 | referential_constraints | 13207 | v | 13341 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13344 | role_column_grants | 13207 | v | 13346 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13348 | routine_column_usage | 13207 | v | 13350 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13353 | routine_privileges | 13207 | v | 13355 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13358 | role_routine_grants | 13207 | v | 13360 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13362 | routine_routine_usage | 13207 | v | 13364 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13367 | routine_sequence_usage | 13207 | v | 13369 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13372 | routine_table_usage | 13207 | v | 13374 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13377 | routines | 13207 | v | 13379 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13382 | schemata | 13207 | v | 13384 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13386 | sequences | 13207 | v | 13388 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13391 | sql_features | 13207 | r | 13393 | 10 | 0 | f | f | 8 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 13394 | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 13396 | sql_implementation_info | 13207 | r | 13398 | 10 | 0 | f | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 13399 | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 13401 | sql_parts | 13207 | r | 13403 | 10 | 0 | f | f | 1 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 13404 | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 13406 | sql_sizing | 13207 | r | 13408 | 10 | 0 | f | f | 1 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 716 | 716 | 13409 | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | 13411 | table_constraints | 13207 | v | 13413 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13416 | table_privileges | 13207 | v | 13418 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13421 | role_table_grants | 13207 | v | 13423 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13425 | tables | 13207 | v | 13427 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13430 | transforms | 13207 | v | 13432 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13435 | triggered_update_columns | 13207 | v | 13437 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13440 | triggers | 13207 | v | 13442 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13445 | udt_privileges | 13207 | v | 13447 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13450 | role_udt_grants | 13207 | v | 13452 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13454 | usage_privileges | 13207 | v | 13456 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13459 | role_usage_grants | 13207 | v | 13461 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13463 | user_defined_types | 13207 | v | 13465 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13468 | view_column_usage | 13207 | v | 13470 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13473 | view_routine_usage | 13207 | v | 13475 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13478 | view_table_usage | 13207 | v | 13480 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13483 | views | 13207 | v | 13485 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13488 | data_type_privileges | 13207 | v | 13490 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13493 | element_types | 13207 | v | 13495 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13498 | _pg_foreign_table_columns | 13207 | v | 13500 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13503 | column_options | 13207 | v | 13505 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13507 | _pg_foreign_data_wrappers | 13207 | v | 13509 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13511 | foreign_data_wrapper_options | 13207 | v | 13513 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13515 | foreign_data_wrappers | 13207 | v | 13517 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13519 | _pg_foreign_servers | 13207 | v | 13521 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13524 | foreign_server_options | 13207 | v | 13526 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13528 | foreign_servers | 13207 | v | 13530 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13532 | _pg_foreign_tables | 13207 | v | 13534 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13537 | foreign_table_options | 13207 | v | 13539 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13541 | foreign_tables | 13207 | v | 13543 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13545 | _pg_user_mappings | 13207 | v | 13547 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13550 | user_mapping_options | 13207 | v | 13552 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | 13555 | user_mappings | 13207 | v | 13557 | 10 | 0 | f | t | 0 | f | p | 0 | {postgres=arwdDxt/postgres,=r/postgres} | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | # | users | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1643 | 1643 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | instruments | # | r | # | 10 | 2 | t | f | 0 | t | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1644 | 1644 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | accounts | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1645 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | NULL | NULL | NULL | heap | f | f
--> 1259 | # | orders | # | r | # | 10 | 2 | t | f | 0 | t | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1646 | 1646 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | trades | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1647 | 1647 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | positions | # | r | # | 10 | 0 | t | f | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1648 | 1648 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | quotes | # | r | # | 10 | 0 | f | f | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1649 | 1649 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | sessions | # | r | # | 10 | 0 | t | f | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1650 | 1650 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | notes | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1651 | 1651 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | Mixed Case | # | r | # | 10 | 0 | t | f | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 1652 | 1652 | # | 0 | NULL | NULL | NULL | NULL | f | t | d | f | f | 1 | 1 | NULL | NULL | heap | f | f
--> 1259 | # | ticket_seq | # | S | 0 | 10 | 0 | f | f | 1 | f | p | 0 | NULL | {postgres=rwU/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--> 1259 | # | big_trades | # | v | # | 10 | 0 | f | t | 0 | f | p | 0 | NULL | {postgres=arwdDxt/postgres} | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> tableoid | oid | relname | relnamespace | relkind | reltype | relowner | relchecks | relhasindex | relhasrules | relpages | relhastriggers | relpersistence | reloftype | relacl | acldefault | foreignserver | relfrozenxid | tfrozenxid | toid | toastpages | toast_reloptions | owning_tab | owning_col | reltablespace | relhasoids | relispopulated | relreplident | relrowsecurity | relforcerowsecurity | relminmxid | tminmxid | reloptions | checkoption | amname | is_identity_sequence | ispartition
--~> 1259 | 826 | pg_default_acl | 11 | r | 10088 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1213 | pg_tablespace | 11 | r | 10056 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1214 | pg_shdepend | 11 | r | 10060 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1247 | pg_type | 11 | r | 71 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1249 | pg_attribute | 11 | r | 75 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1255 | pg_proc | 11 | r | 81 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1259 | pg_class | 11 | r | 83 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1260 | pg_authid | 11 | r | 2842 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1261 | pg_auth_members | 11 | r | 2843 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1262 | pg_database | 11 | r | 1248 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1417 | pg_foreign_server | 11 | r | 10078 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 1418 | pg_user_mapping | 11 | r | 10080 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2224 | pg_sequence | 11 | r | 10105 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2328 | pg_foreign_data_wrapper | 11 | r | 10076 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2396 | pg_shdescription | 11 | r | 10062 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2600 | pg_aggregate | 11 | r | 10027 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2601 | pg_am | 11 | r | 10015 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2602 | pg_amop | 11 | r | 10017 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2603 | pg_amproc | 11 | r | 10019 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2604 | pg_attrdef | 11 | r | 10001 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2605 | pg_cast | 11 | r | 10043 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2606 | pg_constraint | 11 | r | 10003 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2607 | pg_conversion | 11 | r | 10049 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2608 | pg_depend | 11 | r | 10051 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2609 | pg_description | 11 | r | 10041 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2610 | pg_index | 11 | r | 10007 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2611 | pg_inherits | 11 | r | 10005 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2612 | pg_language | 11 | r | 10021 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2613 | pg_largeobject | 11 | r | 10025 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2615 | pg_namespace | 11 | r | 10047 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2616 | pg_opclass | 11 | r | 10013 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2617 | pg_operator | 11 | r | 10009 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2618 | pg_rewrite | 11 | r | 10035 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2619 | pg_statistic | 11 | r | 10029 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2620 | pg_trigger | 11 | r | 10037 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2753 | pg_opfamily | 11 | r | 10011 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2964 | pg_db_role_setting | 11 | r | 10054 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 2995 | pg_largeobject_metadata | 11 | r | 10023 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3079 | pg_extension | 11 | r | 10074 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3118 | pg_foreign_table | 11 | r | 10082 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3256 | pg_policy | 11 | r | 10084 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3350 | pg_partitioned_table | 11 | r | 10099 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3381 | pg_statistic_ext | 11 | r | 10031 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3394 | pg_init_privs | 11 | r | 10090 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3429 | pg_statistic_ext_data | 11 | r | 10033 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3456 | pg_collation | 11 | r | 10095 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3466 | pg_event_trigger | 11 | r | 10039 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3501 | pg_enum | 11 | r | 10045 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3541 | pg_range | 11 | r | 10101 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3576 | pg_transform | 11 | r | 10103 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3592 | pg_shseclabel | 11 | r | 4066 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3596 | pg_seclabel | 11 | r | 10092 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3600 | pg_ts_dict | 11 | r | 10068 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3601 | pg_ts_parser | 11 | r | 10070 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3602 | pg_ts_config | 11 | r | 10064 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3603 | pg_ts_config_map | 11 | r | 10066 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 3764 | pg_ts_template | 11 | r | 10072 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 6000 | pg_replication_origin | 11 | r | 10086 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 6100 | pg_subscription | 11 | r | 6101 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 6102 | pg_subscription_rel | 11 | r | 10114 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 6104 | pg_publication | 11 | r | 10107 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 6106 | pg_publication_rel | 11 | r | 10111 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 6237 | pg_publication_namespace | 11 | r | 10109 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 6243 | pg_parameter_acl | 11 | r | 10097 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 12000 | pg_roles | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12005 | pg_shadow | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12010 | pg_group | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12014 | pg_user | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12018 | pg_policies | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12023 | pg_rules | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12028 | pg_views | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12033 | pg_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12038 | pg_matviews | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12043 | pg_indexes | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12048 | pg_sequences | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12053 | pg_stats | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12058 | pg_stats_ext | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12063 | pg_stats_ext_exprs | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12068 | pg_publication_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12073 | pg_locks | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12077 | pg_cursors | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12081 | pg_available_extensions | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12085 | pg_available_extension_versions | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12090 | pg_prepared_xacts | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12095 | pg_prepared_statements | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12099 | pg_seclabels | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12104 | pg_settings | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12110 | pg_file_settings | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12114 | pg_hba_file_rules | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12118 | pg_ident_file_mappings | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12122 | pg_timezone_abbrevs | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12126 | pg_timezone_names | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12130 | pg_config | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12134 | pg_shmem_allocations | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12138 | pg_backend_memory_contexts | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12142 | pg_stat_all_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12147 | pg_stat_xact_all_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12152 | pg_stat_sys_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12157 | pg_stat_xact_sys_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12161 | pg_stat_user_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12166 | pg_stat_xact_user_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12170 | pg_statio_all_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12175 | pg_statio_sys_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12179 | pg_statio_user_tables | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12183 | pg_stat_all_indexes | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12188 | pg_stat_sys_indexes | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12192 | pg_stat_user_indexes | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12196 | pg_statio_all_indexes | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12201 | pg_statio_sys_indexes | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12205 | pg_statio_user_indexes | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12209 | pg_statio_all_sequences | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12214 | pg_statio_sys_sequences | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12218 | pg_statio_user_sequences | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12222 | pg_stat_activity | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12227 | pg_stat_replication | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12232 | pg_stat_slru | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12236 | pg_stat_wal_receiver | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12240 | pg_stat_recovery_prefetch | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12244 | pg_stat_subscription | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12249 | pg_stat_ssl | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12253 | pg_stat_gssapi | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12257 | pg_replication_slots | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12262 | pg_stat_replication_slots | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12266 | pg_stat_database | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12271 | pg_stat_database_conflicts | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12275 | pg_stat_user_functions | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12280 | pg_stat_xact_user_functions | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12285 | pg_stat_archiver | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12289 | pg_stat_bgwriter | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12293 | pg_stat_wal | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12297 | pg_stat_progress_analyze | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12302 | pg_stat_progress_vacuum | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12307 | pg_stat_progress_cluster | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12312 | pg_stat_progress_create_index | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12317 | pg_stat_progress_basebackup | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12322 | pg_stat_progress_copy | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12327 | pg_user_mappings | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12332 | pg_replication_origin_status | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 12336 | pg_stat_subscription_stats | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13227 | information_schema_catalog_name | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13236 | applicable_roles | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13241 | administrable_role_authorizations | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13245 | attributes | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13250 | character_sets | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13255 | check_constraint_routine_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13260 | check_constraints | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13265 | collations | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13270 | collation_character_set_applicability | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13275 | column_column_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13280 | column_domain_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13285 | column_privileges | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13290 | column_udt_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13295 | columns | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13300 | constraint_column_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13305 | constraint_table_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13310 | domain_constraints | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13315 | domain_udt_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13320 | domains | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13325 | enabled_roles | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13329 | key_column_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13334 | parameters | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13339 | referential_constraints | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13344 | role_column_grants | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13348 | routine_column_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13353 | routine_privileges | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13358 | role_routine_grants | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13362 | routine_routine_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13367 | routine_sequence_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13372 | routine_table_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13377 | routines | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13382 | schemata | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13386 | sequences | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13391 | sql_features | 13207 | r | 13393 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 13396 | sql_implementation_info | 13207 | r | 13398 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 13401 | sql_parts | 13207 | r | 13403 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 13406 | sql_sizing | 13207 | r | 13408 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | 13411 | table_constraints | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13416 | table_privileges | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13421 | role_table_grants | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13425 | tables | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13430 | transforms | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13435 | triggered_update_columns | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13440 | triggers | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13445 | udt_privileges | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13450 | role_udt_grants | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13454 | usage_privileges | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13459 | role_usage_grants | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13463 | user_defined_types | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13468 | view_column_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13473 | view_routine_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13478 | view_table_usage | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13483 | views | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13488 | data_type_privileges | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13493 | element_types | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13498 | _pg_foreign_table_columns | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13503 | column_options | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13507 | _pg_foreign_data_wrappers | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13511 | foreign_data_wrapper_options | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13515 | foreign_data_wrappers | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13519 | _pg_foreign_servers | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13524 | foreign_server_options | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13528 | foreign_servers | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13532 | _pg_foreign_tables | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13537 | foreign_table_options | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13541 | foreign_tables | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13545 | _pg_user_mappings | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13550 | user_mapping_options | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13555 | user_mappings | 13207 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | 13600 | pg_stat_statements | 11 | v | 0 | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | # | users | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | instruments | # | r | # | 10 | 2 | t | f | 0 | t | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | accounts | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | orders | # | r | # | 10 | 2 | t | f | 0 | t | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | trades | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | positions | # | r | # | 10 | 0 | t | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | quotes | # | r | # | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | sessions | # | r | # | 10 | 0 | t | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | notes | # | r | # | 10 | 0 | t | f | 0 | t | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | Mixed Case | # | r | # | 10 | 0 | t | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | d | f | f | 0 | NULL | NULL | NULL | heap | f | f
--~> 1259 | # | big_trades | # | v | # | 10 | 0 | f | t | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f
--~> 1259 | # | ticket_seq | # | S | 0 | 10 | 0 | f | f | 0 | f | p | 0 | NULL | NULL | 0 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | t | n | f | f | 0 | NULL | NULL | NULL | NULL | f | f

SELECT count(*) >= 0 AS answered FROM (
SELECT p.tableoid, p.oid, p.proname, p.prolang, p.pronargs, p.proargtypes, p.prorettype, p.proacl, acldefault('f', p.proowner) AS acldefault, p.pronamespace, p.proowner FROM pg_proc p LEFT JOIN pg_init_privs pip ON (p.oid = pip.objoid AND pip.classoid = 'pg_proc'::regclass AND pip.objsubid = 0) WHERE p.prokind <> 'a'
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i')
  AND (
  pronamespace != (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog')
  OR EXISTS (SELECT 1 FROM pg_cast
  WHERE pg_cast.oid > 16383
  AND p.oid = pg_cast.castfunc)
  OR EXISTS (SELECT 1 FROM pg_transform
  WHERE pg_transform.oid > 16383 AND
  (p.oid = pg_transform.trffromsql
  OR p.oid = pg_transform.trftosql))
  OR p.proacl IS DISTINCT FROM pip.initprivs)
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, typname, typnamespace, typacl, acldefault('T', typowner) AS acldefault, typowner, typelem, typrelid, CASE WHEN typrelid = 0 THEN ' '::"char" ELSE (SELECT relkind FROM pg_class WHERE oid = typrelid) END AS typrelkind, typtype, typisdefined, typname[0] = '_' AND typelem != 0 AND (SELECT typarray FROM pg_type te WHERE oid = pg_type.typelem) = oid AS isarray FROM pg_type
) AS asked;
--> answered
--> t

SELECT tableoid, oid, lanname, lanpltrusted, lanplcallfoid, laninline, lanvalidator, lanacl, acldefault('l', lanowner) AS acldefault, lanowner FROM pg_language WHERE lanispl ORDER BY oid;
--> tableoid | oid | lanname | lanpltrusted | lanplcallfoid | laninline | lanvalidator | lanacl | acldefault | lanowner
--> 2612 | 13563 | plpgsql | t | 13560 | 13561 | 13562 | NULL | {=U/postgres,postgres=U/postgres} | 10
--~> tableoid | oid | lanname | lanpltrusted | lanplcallfoid | laninline | lanvalidator | lanacl | acldefault | lanowner

SELECT count(*) >= 0 AS answered FROM (
SELECT p.tableoid, p.oid, p.proname AS aggname, p.pronamespace AS aggnamespace, p.pronargs, p.proargtypes, p.proowner, p.proacl AS aggacl, acldefault('f', p.proowner) AS acldefault FROM pg_proc p LEFT JOIN pg_init_privs pip ON (p.oid = pip.objoid AND pip.classoid = 'pg_proc'::regclass AND pip.objsubid = 0) WHERE p.prokind = 'a' AND (p.pronamespace != (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog') OR p.proacl IS DISTINCT FROM pip.initprivs)
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, oprname, oprnamespace, oprowner, oprkind, oprleft, oprright, oprcode::oid AS oprcode FROM pg_operator
) AS asked;
--> answered
--> t

SELECT tableoid, oid, amname, amtype, amhandler::pg_catalog.regproc AS amhandler FROM pg_am;
--> tableoid | oid | amname | amtype | amhandler
--> 2601 | 2 | heap | t | heap_tableam_handler
--> 2601 | 2742 | gin | i | ginhandler
--> 2601 | 3580 | brin | i | brinhandler
--> 2601 | 4000 | spgist | i | spghandler
--> 2601 | 403 | btree | i | bthandler
--> 2601 | 405 | hash | i | hashhandler
--> 2601 | 783 | gist | i | gisthandler
--~> tableoid | oid | amname | amtype | amhandler
--~> 2601 | 2 | heap | t | heap_tableam_handler
--~> 2601 | 403 | btree | i | bthandler
--~> 2601 | 405 | hash | i | hashhandler

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, opcmethod, opcname, opcnamespace, opcowner FROM pg_opclass
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, opfmethod, opfname, opfnamespace, opfowner FROM pg_opfamily
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, prsname, prsnamespace, prsstart::oid, prstoken::oid, prsend::oid, prsheadline::oid, prslextype::oid FROM pg_ts_parser
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, tmplname, tmplnamespace, tmplinit::oid, tmpllexize::oid FROM pg_ts_template
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, dictname, dictnamespace, dictowner, dicttemplate, dictinitoption FROM pg_ts_dict
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, cfgname, cfgnamespace, cfgowner, cfgparser FROM pg_ts_config
) AS asked;
--> answered
--> t

SELECT tableoid, oid, fdwname, fdwowner, fdwhandler::pg_catalog.regproc, fdwvalidator::pg_catalog.regproc, fdwacl, acldefault('F', fdwowner) AS acldefault, array_to_string(ARRAY(SELECT quote_ident(option_name) || ' ' || quote_literal(option_value) FROM pg_options_to_table(fdwoptions) ORDER BY option_name), E',
    ') AS fdwoptions FROM pg_foreign_data_wrapper;
--> tableoid | oid | fdwname | fdwowner | fdwhandler | fdwvalidator | fdwacl | acldefault | fdwoptions

SELECT tableoid, oid, srvname, srvowner, srvfdw, srvtype, srvversion, srvacl, acldefault('S', srvowner) AS acldefault, array_to_string(ARRAY(SELECT quote_ident(option_name) || ' ' || quote_literal(option_value) FROM pg_options_to_table(srvoptions) ORDER BY option_name), E',
    ') AS srvoptions FROM pg_foreign_server;
--> tableoid | oid | srvname | srvowner | srvfdw | srvtype | srvversion | srvacl | acldefault | srvoptions

SELECT oid, tableoid, defaclrole, defaclnamespace, defaclobjtype, defaclacl, CASE WHEN defaclnamespace = 0 THEN acldefault(CASE WHEN defaclobjtype = 'S' THEN 's'::"char" ELSE defaclobjtype END, defaclrole) ELSE '{}' END AS acldefault FROM pg_default_acl;
--> oid | tableoid | defaclrole | defaclnamespace | defaclobjtype | defaclacl | acldefault

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, collname, collnamespace, collowner, collencoding FROM pg_collation
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, conname, connamespace, conowner FROM pg_conversion
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, castsource, casttarget, castfunc, castcontext, castmethod FROM pg_cast c WHERE NOT EXISTS ( SELECT 1 FROM pg_range r WHERE c.castsource = r.rngtypid AND c.casttarget = r.rngmultitypid ) ORDER BY 3,4
) AS asked;
--> answered
--> t

SELECT tableoid, oid, trftype, trflang, trffromsql::oid, trftosql::oid FROM pg_transform ORDER BY 3,4;
--> tableoid | oid | trftype | trflang | trffromsql | trftosql

SELECT inhrelid, inhparent FROM pg_inherits;
--> inhrelid | inhparent

SELECT e.tableoid, e.oid, evtname, evtenabled, evtevent, evtowner, array_to_string(array(select quote_literal(x)  from unnest(evttags) as t(x)), ', ') as evttags, e.evtfoid::regproc as evtfname FROM pg_event_trigger e ORDER BY e.oid;
--> tableoid | oid | evtname | evtenabled | evtevent | evtowner | evttags | evtfname

SELECT conrelid, confrelid FROM pg_constraint JOIN pg_depend ON (objid = confrelid) WHERE contype = 'f' AND refclassid = 'pg_extension'::regclass AND classid = 'pg_class'::regclass;
--> conrelid | confrelid

SELECT
a.attrelid,
a.attnum,
a.attname,
a.atttypmod,
a.attstattarget,
a.attstorage,
t.typstorage,
a.attnotnull,
a.atthasdef,
a.attisdropped,
a.attlen,
a.attalign,
a.attislocal,
pg_catalog.format_type(t.oid, a.atttypmod) AS atttypname,
array_to_string(a.attoptions, ', ') AS attoptions,
CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation ELSE 0 END AS attcollation,
pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(option_name) || ' ' || pg_catalog.quote_literal(option_value) FROM pg_catalog.pg_options_to_table(attfdwoptions) ORDER BY option_name), E',
    ') AS attfdwoptions,
a.attcompression AS attcompression,
a.attidentity,
CASE WHEN a.atthasmissing AND NOT a.attisdropped THEN a.attmissingval ELSE null END AS attmissingval,
a.attgenerated
FROM unnest(ARRAY['users'::regclass, 'instruments'::regclass, 'trades'::regclass, 'big_trades'::regclass, 'orders'::regclass, 'accounts'::regclass, 'positions'::regclass, 'quotes'::regclass]::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_attribute a ON (src.tbloid = a.attrelid) LEFT JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
WHERE a.attnum > 0::pg_catalog.int2
ORDER BY a.attrelid, a.attnum;
--> attrelid | attnum | attname | atttypmod | attstattarget | attstorage | typstorage | attnotnull | atthasdef | attisdropped | attlen | attalign | attislocal | atttypname | attoptions | attcollation | attfdwoptions | attcompression | attidentity | attmissingval | attgenerated
--> # | 1 | id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 2 | email | -1 | -1 | x | x | t | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 3 | name | 84 | -1 | x | x | f | f | f | -1 | i | t | character varying(80) | NULL | 0 |  |  |  | NULL |
--> # | 4 | country | 6 | -1 | x | x | f | f | f | -1 | i | t | character(2) | NULL | 0 |  |  |  | NULL |
--> # | 5 | created | -1 | -1 | p | p | t | t | f | 8 | d | t | timestamp with time zone | NULL | 0 |  |  |  | NULL |
--> # | 6 | active | -1 | -1 | p | p | t | t | f | 1 | c | t | boolean | NULL | 0 |  |  |  | NULL |
--> # | 1 | symbol | -1 | -1 | x | x | t | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 2 | name | -1 | -1 | x | x | t | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 3 | tick | # | -1 | m | m | t | t | f | -1 | i | t | numeric(10,4) | NULL | 0 |  |  |  | NULL |
--> # | 4 | lot | -1 | -1 | p | p | t | t | f | 4 | i | t | integer | NULL | 0 |  |  |  | NULL |
--> # | 5 | listed | -1 | -1 | p | p | f | f | f | 4 | i | t | date | NULL | 0 |  |  |  | NULL |
--> # | 1 | id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 2 | user_id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 3 | currency | 7 | -1 | x | x | t | t | f | -1 | i | t | character(3) | NULL | 0 |  |  |  | NULL |
--> # | 4 | balance | # | -1 | m | m | t | t | f | -1 | i | t | numeric(18,2) | NULL | 0 |  |  |  | NULL |
--> # | 5 | opened | -1 | -1 | p | p | f | f | f | 4 | i | t | date | NULL | 0 |  |  |  | NULL |
--> # | 1 | id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 2 | account_id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 3 | symbol | -1 | -1 | x | x | t | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 4 | side | -1 | -1 | p | p | t | f | f | 4 | i | t | side | NULL | 0 |  |  |  | NULL |
--> # | 5 | price | -1 | -1 | m | m | f | f | f | -1 | i | t | positive | NULL | 0 |  |  |  | NULL |
--> # | 6 | quantity | -1 | -1 | p | p | t | f | f | 4 | i | t | integer | NULL | 0 |  |  |  | NULL |
--> # | 7 | status | 20 | -1 | x | x | t | t | f | -1 | i | t | character varying(16) | NULL | 0 |  |  |  | NULL |
--> # | 8 | tags | -1 | -1 | x | x | f | f | f | -1 | i | t | text[] | NULL | 0 |  |  |  | NULL |
--> # | 9 | details | -1 | -1 | x | x | f | f | f | -1 | i | t | jsonb | NULL | 0 |  |  |  | NULL |
--> # | 10 | placed | -1 | -1 | p | p | t | f | f | 8 | d | t | timestamp without time zone | NULL | 0 |  |  |  | NULL |
--> # | 1 | id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 2 | order_id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 3 | user_id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 4 | symbol | -1 | -1 | x | x | t | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 5 | price | # | -1 | m | m | t | f | f | -1 | i | t | numeric(12,4) | NULL | 0 |  |  |  | NULL |
--> # | 6 | quantity | -1 | -1 | p | p | t | f | f | 4 | i | t | integer | NULL | 0 |  |  |  | NULL |
--> # | 7 | fee | -1 | -1 | p | p | f | t | f | 4 | i | t | real | NULL | 0 |  |  |  | NULL |
--> # | 8 | executed | -1 | -1 | p | p | t | f | f | 8 | d | t | timestamp without time zone | NULL | 0 |  |  |  | NULL |
--> # | 1 | account_id | -1 | -1 | p | p | t | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 2 | symbol | -1 | -1 | x | x | t | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 3 | quantity | -1 | -1 | p | p | t | t | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 4 | average | -1 | -1 | p | p | f | f | f | 8 | d | t | double precision | NULL | 0 |  |  |  | NULL |
--> # | 1 | symbol | -1 | -1 | x | x | t | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 2 | at | -1 | -1 | p | p | t | f | f | 8 | d | t | timestamp without time zone | NULL | 0 |  |  |  | NULL |
--> # | 3 | bid | -1 | -1 | m | m | f | f | f | -1 | i | t | numeric | NULL | 0 |  |  |  | NULL |
--> # | 4 | ask | -1 | -1 | m | m | f | f | f | -1 | i | t | numeric | NULL | 0 |  |  |  | NULL |
--> # | 5 | source | -1 | -1 | p | p | f | f | f | 2 | s | t | smallint | NULL | 0 |  |  |  | NULL |
--> # | 1 | id | -1 | -1 | p | p | f | f | f | 8 | d | t | bigint | NULL | 0 |  |  |  | NULL |
--> # | 2 | symbol | -1 | -1 | x | x | f | f | f | -1 | i | t | text | NULL | 0 |  |  |  | NULL |
--> # | 3 | value | -1 | -1 | m | m | f | f | f | -1 | i | t | numeric | NULL | 0 |  |  |  | NULL |

SELECT a.tableoid, a.oid, adrelid, adnum, pg_catalog.pg_get_expr(adbin, adrelid) AS adsrc
FROM unnest(ARRAY['users'::regclass, 'instruments'::regclass, 'trades'::regclass]::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_attrdef a ON (src.tbloid = a.adrelid)
ORDER BY a.adrelid, a.adnum;
--> tableoid | oid | adrelid | adnum | adsrc
--> 2604 | # | # | 5 | CURRENT_TIMESTAMP
--> 2604 | # | # | 6 | true
--> 2604 | # | # | 3 | 0.01
--> 2604 | # | # | 4 | 1
--> 2604 | # | # | 7 | 0

SELECT c.tableoid, c.oid, conrelid, conname, pg_catalog.pg_get_constraintdef(c.oid) AS consrc, conislocal, convalidated FROM unnest(ARRAY['trades'::regclass]::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_constraint c ON (src.tbloid = c.conrelid)
WHERE contype = 'c' ORDER BY c.conrelid, c.conname;
--> tableoid | oid | conrelid | conname | consrc | conislocal | convalidated

SELECT partrelid FROM pg_partitioned_table WHERE
(SELECT c.oid FROM pg_opclass c JOIN pg_am a ON c.opcmethod = a.oid
WHERE opcname = 'enum_ops' AND opcnamespace = 'pg_catalog'::regnamespace AND amname = 'hash') = ANY(partclass);
--> partrelid

SELECT t.tableoid, t.oid, i.indrelid, t.relname AS indexname, pg_catalog.pg_get_indexdef(i.indexrelid) AS indexdef, i.indkey, i.indisclustered, c.contype, c.conname, c.condeferrable, c.condeferred, c.tableoid AS contableoid, c.oid AS conoid, pg_catalog.pg_get_constraintdef(c.oid, false) AS condef, (SELECT spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = t.reltablespace) AS tablespace, t.reloptions AS indreloptions, i.indisreplident, inh.inhparent AS parentidx, i.indnkeyatts AS indnkeyatts, i.indnatts AS indnatts, (SELECT pg_catalog.array_agg(attnum ORDER BY attnum)   FROM pg_catalog.pg_attribute   WHERE attrelid = i.indexrelid AND     attstattarget >= 0) AS indstatcols, (SELECT pg_catalog.array_agg(attstattarget ORDER BY attnum)   FROM pg_catalog.pg_attribute   WHERE attrelid = i.indexrelid AND     attstattarget >= 0) AS indstatvals, i.indnullsnotdistinct FROM unnest(ARRAY['users'::regclass, 'instruments'::regclass, 'trades'::regclass, 'accounts'::regclass, 'positions'::regclass, 'quotes'::regclass]::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_index i ON (src.tbloid = i.indrelid) JOIN pg_catalog.pg_class t ON (t.oid = i.indexrelid) JOIN pg_catalog.pg_class t2 ON (t2.oid = i.indrelid) LEFT JOIN pg_catalog.pg_constraint c ON (i.indrelid = c.conrelid AND i.indexrelid = c.conindid AND c.contype IN ('p','u','x')) LEFT JOIN pg_catalog.pg_inherits inh ON (inh.inhrelid = indexrelid) WHERE (i.indisvalid OR t2.relkind = 'p') AND i.indisready ORDER BY i.indrelid, indexname;
--> tableoid | oid | indrelid | indexname | indexdef | indkey | indisclustered | contype | conname | condeferrable | condeferred | contableoid | conoid | condef | tablespace | indreloptions | indisreplident | parentidx | indnkeyatts | indnatts | indstatcols | indstatvals | indnullsnotdistinct
--> 1259 | # | # | users_email_key | CREATE UNIQUE INDEX users_email_key ON market.users USING btree (email) | 2 | f | u | users_email_key | f | f | 2606 | # | UNIQUE (email) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--> 1259 | # | # | users_lower_email | CREATE UNIQUE INDEX users_lower_email ON market.users USING btree (lower(email)) | 0 | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--> 1259 | # | # | users_pkey | CREATE UNIQUE INDEX users_pkey ON market.users USING btree (id) | 1 | f | p | users_pkey | f | f | 2606 | # | PRIMARY KEY (id) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--> 1259 | # | # | instruments_pkey | CREATE UNIQUE INDEX instruments_pkey ON market.instruments USING btree (symbol) | 1 | f | p | instruments_pkey | f | f | 2606 | # | PRIMARY KEY (symbol) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--> 1259 | # | # | accounts_pkey | CREATE UNIQUE INDEX accounts_pkey ON market.accounts USING btree (id) | 1 | f | p | accounts_pkey | f | f | 2606 | # | PRIMARY KEY (id) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--> 1259 | # | # | trades_order_id_executed_key | CREATE UNIQUE INDEX trades_order_id_executed_key ON market.trades USING btree (order_id, executed) | 2 8 | f | u | trades_order_id_executed_key | f | f | 2606 | # | UNIQUE (order_id, executed) | NULL | NULL | f | NULL | 2 | 2 | NULL | NULL | f
--> 1259 | # | # | trades_pkey | CREATE UNIQUE INDEX trades_pkey ON market.trades USING btree (id) | 1 | f | p | trades_pkey | f | f | 2606 | # | PRIMARY KEY (id) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--> 1259 | # | # | trades_symbol_cover | CREATE INDEX trades_symbol_cover ON market.trades USING btree (symbol) INCLUDE (price, quantity) | 4 5 6 | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | 1 | 3 | NULL | NULL | f
--> 1259 | # | # | trades_user_time | CREATE INDEX trades_user_time ON market.trades USING btree (user_id, executed DESC) | 3 8 | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | 2 | 2 | NULL | NULL | f
--> 1259 | # | # | positions_pkey | CREATE UNIQUE INDEX positions_pkey ON market.positions USING btree (account_id, symbol) | 1 2 | f | p | positions_pkey | f | f | 2606 | # | PRIMARY KEY (account_id, symbol) | NULL | NULL | f | NULL | 2 | 2 | NULL | NULL | f
--~> tableoid | oid | indrelid | indexname | indexdef | indkey | indisclustered | contype | conname | condeferrable | condeferred | contableoid | conoid | condef | tablespace | indreloptions | indisreplident | parentidx | indnkeyatts | indnatts | indstatcols | indstatvals | indnullsnotdistinct
--~> 1259 | # | # | users_email_key | CREATE UNIQUE INDEX users_email_key ON market.users USING btree (email) | 2 | f | u | users_email_key | f | f | 2606 | # | UNIQUE (email) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--~> 1259 | # | # | users_lower_email | CREATE UNIQUE INDEX users_lower_email ON market.users USING btree (lower(email)) | 0 | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--~> 1259 | # | # | users_pkey | CREATE UNIQUE INDEX users_pkey ON market.users USING btree (id) | 1 | f | p | users_pkey | f | f | 2606 | # | PRIMARY KEY (id) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--~> 1259 | # | # | instruments_pkey | CREATE UNIQUE INDEX instruments_pkey ON market.instruments USING btree (symbol) | 1 | f | p | instruments_pkey | f | f | 2606 | # | PRIMARY KEY (symbol) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--~> 1259 | # | # | accounts_pkey | CREATE UNIQUE INDEX accounts_pkey ON market.accounts USING btree (id) | 1 | f | p | accounts_pkey | f | f | 2606 | # | PRIMARY KEY (id) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--~> 1259 | # | # | accounts_user_id_fkey_index | CREATE INDEX accounts_user_id_fkey_index ON market.accounts USING btree (user_id) | 2 | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--~> 1259 | # | # | trades_order_id_executed_key | CREATE UNIQUE INDEX trades_order_id_executed_key ON market.trades USING btree (order_id, executed) | 2 8 | f | u | trades_order_id_executed_key | f | f | 2606 | # | UNIQUE (order_id, executed) | NULL | NULL | f | NULL | 2 | 2 | NULL | NULL | f
--~> 1259 | # | # | trades_pkey | CREATE UNIQUE INDEX trades_pkey ON market.trades USING btree (id) | 1 | f | p | trades_pkey | f | f | 2606 | # | PRIMARY KEY (id) | NULL | NULL | f | NULL | 1 | 1 | NULL | NULL | f
--~> 1259 | # | # | trades_symbol_cover | CREATE INDEX trades_symbol_cover ON market.trades USING btree (symbol) INCLUDE (price, quantity) | 4 5 6 | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | 1 | 3 | NULL | NULL | f
--~> 1259 | # | # | trades_user_time | CREATE INDEX trades_user_time ON market.trades USING btree (user_id, executed DESC) | 3 8 | f | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | f | NULL | 2 | 2 | NULL | NULL | f
--~> 1259 | # | # | positions_pkey | CREATE UNIQUE INDEX positions_pkey ON market.positions USING btree (account_id, symbol) | 1 2 | f | p | positions_pkey | f | f | 2606 | # | PRIMARY KEY (account_id, symbol) | NULL | NULL | f | NULL | 2 | 2 | NULL | NULL | f

SELECT tableoid, oid, stxname, stxnamespace, stxowner, stxrelid, stxstattarget FROM pg_catalog.pg_statistic_ext;
--> tableoid | oid | stxname | stxnamespace | stxowner | stxrelid | stxstattarget

SELECT c.tableoid, c.oid, conrelid, conname, confrelid, conindid, pg_catalog.pg_get_constraintdef(c.oid) AS condef
FROM unnest(ARRAY['users'::regclass, 'instruments'::regclass, 'trades'::regclass]::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_constraint c ON (src.tbloid = c.conrelid)
WHERE contype = 'f' AND conparentid = 0 ORDER BY conrelid, conname;
--> tableoid | oid | conrelid | conname | confrelid | conindid | condef
--> 2606 | # | # | trades_order_id_fkey | # | # | FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED

SELECT t.tgrelid, t.tgname, t.tgfoid::pg_catalog.regproc AS tgfname, pg_catalog.pg_get_triggerdef(t.oid, false) AS tgdef, t.tgenabled, t.tableoid, t.oid, t.tgparentid <> 0 AS tgispartition
FROM unnest(ARRAY['users'::regclass, 'instruments'::regclass, 'trades'::regclass]::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_trigger t ON (src.tbloid = t.tgrelid) LEFT JOIN pg_catalog.pg_trigger u ON (u.oid = t.tgparentid) WHERE ((NOT t.tgisinternal AND t.tgparentid = 0) OR t.tgenabled != u.tgenabled) ORDER BY t.tgrelid, t.tgname;
--> tgrelid | tgname | tgfname | tgdef | tgenabled | tableoid | oid | tgispartition

SELECT count(*) >= 0 AS answered FROM (
SELECT tableoid, oid, rulename, ev_class AS ruletable, ev_type, is_instead, ev_enabled FROM pg_rewrite ORDER BY oid
) AS asked;
--> answered
--> t

SELECT pol.oid, pol.tableoid, pol.polrelid, pol.polname, pol.polcmd, pol.polpermissive, CASE WHEN pol.polroles = '{0}' THEN NULL ELSE    pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(rolname) from pg_catalog.pg_roles WHERE oid = ANY(pol.polroles)), ', ') END AS polroles, pg_catalog.pg_get_expr(pol.polqual, pol.polrelid) AS polqual, pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid) AS polwithcheck FROM unnest(ARRAY['users'::regclass, 'instruments'::regclass, 'trades'::regclass, 'orders'::regclass, 'accounts'::regclass, 'positions'::regclass, 'quotes'::regclass]::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_policy pol ON (src.tbloid = pol.polrelid);
--> oid | tableoid | polrelid | polname | polcmd | polpermissive | polroles | polqual | polwithcheck

SELECT p.tableoid, p.oid, p.pubname, p.pubowner, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot FROM pg_publication p;
--> tableoid | oid | pubname | pubowner | puballtables | pubinsert | pubupdate | pubdelete | pubtruncate | pubviaroot

SELECT tableoid, oid, prpubid, prrelid, pg_catalog.pg_get_expr(prqual, prrelid) AS prrelqual, (CASE
  WHEN pr.prattrs IS NOT NULL THEN
    (SELECT array_agg(attname)
       FROM
         pg_catalog.generate_series(0, pg_catalog.array_upper(pr.prattrs::pg_catalog.int2[], 1)) s,
         pg_catalog.pg_attribute
      WHERE attrelid = pr.prrelid AND attnum = prattrs[s])
  ELSE NULL END) prattrs FROM pg_catalog.pg_publication_rel pr;
--> tableoid | oid | prpubid | prrelid | prrelqual | prattrs

SELECT tableoid, oid, pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace;
--> tableoid | oid | pnpubid | pnnspid

SELECT count(*) >= 0 AS answered FROM (
SELECT s.tableoid, s.oid, s.subname,
 s.subowner,
 s.subconninfo, s.subslotname, s.subsynccommit,
 s.subpublications,
 s.subbinary,
 s.substream,
 s.subtwophasestate,
 s.subdisableonerr
FROM pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_database
                   WHERE datname = current_database())
) AS asked;
--> answered
--> t

WITH RECURSIVE w AS ( SELECT d1.objid, d2.refobjid, c2.relkind AS refrelkind FROM pg_depend d1 JOIN pg_class c1 ON c1.oid = d1.objid AND c1.relkind = 'm' JOIN pg_rewrite r1 ON r1.ev_class = d1.objid JOIN pg_depend d2 ON d2.classid = 'pg_rewrite'::regclass AND d2.objid = r1.oid AND d2.refobjid <> d1.objid JOIN pg_class c2 ON c2.oid = d2.refobjid AND c2.relkind IN ('m','v') WHERE d1.classid = 'pg_class'::regclass UNION SELECT w.objid, d3.refobjid, c3.relkind FROM w JOIN pg_rewrite r3 ON r3.ev_class = w.refobjid JOIN pg_depend d3 ON d3.classid = 'pg_rewrite'::regclass AND d3.objid = r3.oid AND d3.refobjid <> w.refobjid JOIN pg_class c3 ON c3.oid = d3.refobjid AND c3.relkind IN ('m','v') ) SELECT 'pg_class'::regclass::oid AS classid, objid, refobjid FROM w WHERE refrelkind = 'm';
--> classid | objid | refobjid

SELECT oid, lomowner, lomacl, acldefault('L', lomowner) AS acldefault FROM pg_largeobject_metadata;
--> oid | lomowner | lomacl | acldefault

SELECT count(*) >= 0 AS answered FROM (
SELECT classid, objid, refclassid, refobjid, deptype FROM pg_depend WHERE deptype != 'p' AND deptype != 'e'
UNION ALL
SELECT 'pg_opfamily'::regclass AS classid, amopfamily AS objid, refclassid, refobjid, deptype FROM pg_depend d, pg_amop o WHERE deptype NOT IN ('p', 'e', 'i') AND classid = 'pg_amop'::regclass AND objid = o.oid AND NOT (refclassid = 'pg_opfamily'::regclass AND amopfamily = refobjid)
UNION ALL
SELECT 'pg_opfamily'::regclass AS classid, amprocfamily AS objid, refclassid, refobjid, deptype FROM pg_depend d, pg_amproc p WHERE deptype NOT IN ('p', 'e', 'i') AND classid = 'pg_amproc'::regclass AND objid = p.oid AND NOT (refclassid = 'pg_opfamily'::regclass AND amprocfamily = refobjid)
ORDER BY 1,2
) AS asked;
--> answered
--> t

SELECT DISTINCT attrelid FROM pg_attribute WHERE attacl IS NOT NULL;
--> attrelid
--> 6100
--~> attrelid

SELECT count(*) >= 0 AS answered FROM (
SELECT objoid, classoid, objsubid, privtype, initprivs FROM pg_init_privs
) AS asked;
--> answered
--> t

SELECT count(*) >= 0 AS answered FROM (
SELECT description, classoid, objoid, objsubid FROM pg_catalog.pg_description ORDER BY classoid, objoid, objsubid
) AS asked;
--> answered
--> t

SELECT label, provider, classoid, objoid, objsubid FROM pg_catalog.pg_seclabels ORDER BY classoid, objoid, objsubid;
--> label | provider | classoid | objoid | objsubid

SELECT format_type(seqtypid, NULL), seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle FROM pg_catalog.pg_sequence WHERE seqrelid = 'ticket_seq'::regclass::oid;
--> format_type | seqstart | seqincrement | seqmax | seqmin | seqcache | seqcycle
--> bigint | 100 | 5 | # | 1 | 1 | f

SELECT pg_catalog.pg_get_viewdef('big_trades'::regclass::oid) AS viewdef;
--> viewdef
-->     (trades.price * (trades.quantity)::numeric) AS value
-->     trades.symbol,
-->    FROM trades
-->   WHERE (trades.quantity > 100);
-->  SELECT trades.id,
--~> viewdef
--~>  SELECT id, symbol, price * quantity AS value FROM trades WHERE quantity > 100;

SET search_path = public;

DROP SCHEMA market CASCADE;
