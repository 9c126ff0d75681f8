-- What pgjdbc, DBeaver, Grafana and Metabase ask
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

-- pgjdbc: getTables
SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,
  CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema'
    WHEN true THEN CASE
      WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind
        WHEN 'r' THEN 'SYSTEM TABLE' WHEN 'v' THEN 'SYSTEM VIEW' WHEN 'i' THEN 'SYSTEM INDEX' ELSE NULL END
      WHEN n.nspname = 'pg_toast' THEN CASE c.relkind
        WHEN 'r' THEN 'SYSTEM TOAST TABLE' WHEN 'i' THEN 'SYSTEM TOAST INDEX' ELSE NULL END
      ELSE CASE c.relkind WHEN 'r' THEN 'TEMPORARY TABLE' WHEN 'p' THEN 'TEMPORARY TABLE'
        WHEN 'i' THEN 'TEMPORARY INDEX' WHEN 'S' THEN 'TEMPORARY SEQUENCE' WHEN 'v' THEN 'TEMPORARY VIEW' ELSE NULL END
      END
    WHEN false THEN CASE c.relkind
      WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'PARTITIONED TABLE' WHEN 'i' THEN 'INDEX' WHEN 'P' THEN 'PARTITIONED INDEX'
      WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'c' THEN 'TYPE' WHEN 'f' THEN 'FOREIGN TABLE'
      WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE NULL END
    ELSE NULL END AS TABLE_TYPE,
  d.description AS REMARKS, '' as TYPE_CAT, '' as TYPE_SCHEM, '' as TYPE_NAME,
  '' AS SELF_REFERENCING_COL_NAME, '' AS REF_GENERATION
FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c
  LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0 and d.classoid = 'pg_class'::regclass)
WHERE c.relnamespace = n.oid AND n.nspname LIKE 'market' AND c.relname LIKE '%'
  AND (false OR (c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
    OR (c.relkind = 'v' AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'))
ORDER BY TABLE_TYPE, TABLE_SCHEM, TABLE_NAME;
--> table_cat | table_schem | table_name | table_type | remarks | type_cat | type_schem | type_name | self_referencing_col_name | ref_generation
--> NULL | market | Mixed Case | TABLE | NULL |  |  |  |  |
--> NULL | market | accounts | TABLE | NULL |  |  |  |  |
--> NULL | market | instruments | TABLE | NULL |  |  |  |  |
--> NULL | market | notes | TABLE | NULL |  |  |  |  |
--> NULL | market | orders | TABLE | NULL |  |  |  |  |
--> NULL | market | positions | TABLE | NULL |  |  |  |  |
--> NULL | market | quotes | TABLE | NULL |  |  |  |  |
--> NULL | market | sessions | TABLE | NULL |  |  |  |  |
--> NULL | market | trades | TABLE | Executions |  |  |  |  |
--> NULL | market | users | TABLE | NULL |  |  |  |  |
--> NULL | market | big_trades | VIEW | NULL |  |  |  |  |

-- pgjdbc: getColumns
SELECT * FROM (SELECT n.nspname, c.relname, a.attname, a.atttypid,
    a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull, a.atttypmod, a.attlen, t.typtypmod,
    row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS attnum, nullif(a.attidentity, '') as attidentity,
    nullif(a.attgenerated, '') as attgenerated, pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc,
    dsc.description, t.typbasetype, t.typtype
  FROM pg_catalog.pg_namespace n
    JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid)
    JOIN pg_catalog.pg_attribute a ON (a.attrelid = c.oid)
    JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
    LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid = def.adrelid AND a.attnum = def.adnum)
    LEFT JOIN pg_catalog.pg_description dsc ON (c.oid = dsc.objoid AND a.attnum = dsc.objsubid)
    LEFT JOIN pg_catalog.pg_class dc ON (dc.oid = dsc.classoid AND dc.relname = 'pg_class')
    LEFT JOIN pg_catalog.pg_namespace dn ON (dc.relnamespace = dn.oid AND dn.nspname = 'pg_catalog')
  WHERE c.relkind in ('r', 'p', 'v', 'f', 'm') and a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname LIKE 'market' AND c.relname LIKE 'orders') c
WHERE true ORDER BY nspname, c.relname, attnum;
--> nspname | relname | attname | atttypid | attnotnull | atttypmod | attlen | typtypmod | attnum | attidentity | attgenerated | adsrc | description | typbasetype | typtype
--> market | orders | id | 20 | t | -1 | 8 | -1 | 1 | NULL | NULL | NULL | NULL | 0 | b
--> market | orders | account_id | 20 | t | -1 | 8 | -1 | 2 | NULL | NULL | NULL | NULL | 0 | b
--> market | orders | symbol | 25 | t | -1 | -1 | -1 | 3 | NULL | NULL | NULL | NULL | 0 | b
--> market | orders | side | # | t | -1 | 4 | -1 | 4 | NULL | NULL | NULL | NULL | 0 | e
--> market | orders | price | # | f | -1 | -1 | # | 5 | NULL | NULL | NULL | NULL | 1700 | d
--> market | orders | quantity | 23 | t | -1 | 4 | -1 | 6 | NULL | NULL | NULL | NULL | 0 | b
--> market | orders | status | 1043 | t | 20 | -1 | -1 | 7 | NULL | NULL | 'open'::character varying | NULL | 0 | b
--> market | orders | tags | 1009 | f | -1 | -1 | -1 | 8 | NULL | NULL | NULL | NULL | 0 | b
--> market | orders | details | 3802 | f | -1 | -1 | -1 | 9 | NULL | NULL | NULL | NULL | 0 | b
--> market | orders | placed | 1114 | t | -1 | 8 | -1 | 10 | NULL | NULL | NULL | NULL | 0 | b

-- pgjdbc: getPrimaryKeys
SELECT result.TABLE_CAT, result.TABLE_SCHEM, result.TABLE_NAME, result.COLUMN_NAME, result.KEY_SEQ, result.PK_NAME
FROM (SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, ct.relname AS TABLE_NAME, a.attname AS COLUMN_NAME,
    (information_schema._pg_expandarray(i.indkey)).n AS KEY_SEQ, ci.relname AS PK_NAME,
    information_schema._pg_expandarray(i.indkey) AS KEYS, a.attnum AS A_ATTNUM
  FROM pg_catalog.pg_class ct
    JOIN pg_catalog.pg_attribute a ON (ct.oid = a.attrelid)
    JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)
    JOIN pg_catalog.pg_index i ON (a.attrelid = i.indrelid)
    JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid)
  WHERE true AND n.nspname = 'market' AND ct.relname = 'positions' AND i.indisprimary) result
where result.A_ATTNUM = (result.KEYS).x
ORDER BY result.table_name, result.pk_name, result.key_seq;
--> table_cat | table_schem | table_name | column_name | key_seq | pk_name
--> NULL | market | positions | account_id | 1 | positions_pkey
--> NULL | market | positions | symbol | 2 | positions_pkey

-- pgjdbc: getIndexInfo
SELECT tmp.TABLE_CAT, tmp.TABLE_SCHEM, tmp.TABLE_NAME, tmp.NON_UNIQUE, tmp.INDEX_QUALIFIER, tmp.INDEX_NAME, tmp.TYPE,
  tmp.ORDINAL_POSITION,
  trim(both '"' from pg_catalog.pg_get_indexdef(tmp.CI_OID, tmp.ORDINAL_POSITION, false)) AS COLUMN_NAME,
  CASE tmp.AM_NAME WHEN 'btree' THEN CASE tmp.I_INDOPTION[tmp.ORDINAL_POSITION - 1] & 1::smallint
    WHEN 1 THEN 'D' ELSE 'A' END ELSE NULL END AS ASC_OR_DESC, tmp.FILTER_CONDITION
FROM (SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, ct.relname AS TABLE_NAME, NOT i.indisunique AS NON_UNIQUE,
    NULL AS INDEX_QUALIFIER, ci.relname AS INDEX_NAME,
    CASE i.indisclustered WHEN true THEN 1 ELSE CASE am.amname WHEN 'hash' THEN 2 ELSE 3 END END AS TYPE,
    (information_schema._pg_expandarray(i.indkey)).n AS ORDINAL_POSITION,
    pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS FILTER_CONDITION, ci.oid AS CI_OID, i.indoption AS I_INDOPTION,
    am.amname AS AM_NAME
  FROM pg_catalog.pg_class ct
    JOIN pg_catalog.pg_namespace n ON (ct.relnamespace = n.oid)
    JOIN pg_catalog.pg_index i ON (ct.oid = i.indrelid)
    JOIN pg_catalog.pg_class ci ON (ci.oid = i.indexrelid)
    JOIN pg_catalog.pg_am am ON (ci.relam = am.oid)
  WHERE true AND n.nspname = 'market' AND ct.relname = 'trades') AS tmp
ORDER BY NON_UNIQUE, TYPE, INDEX_NAME, ORDINAL_POSITION;
--> table_cat | table_schem | table_name | non_unique | index_qualifier | index_name | type | ordinal_position | column_name | asc_or_desc | filter_condition
--> NULL | market | trades | f | NULL | trades_order_id_executed_key | 3 | 1 | order_id | A | NULL
--> NULL | market | trades | f | NULL | trades_order_id_executed_key | 3 | 2 | executed | A | NULL
--> NULL | market | trades | f | NULL | trades_pkey | 3 | 1 | id | A | NULL
--> NULL | market | trades | t | NULL | trades_symbol_cover | 3 | 1 | symbol | A | NULL
--> NULL | market | trades | t | NULL | trades_symbol_cover | 3 | 2 | price | A | NULL
--> NULL | market | trades | t | NULL | trades_symbol_cover | 3 | 3 | quantity | A | NULL
--> NULL | market | trades | t | NULL | trades_user_time | 3 | 1 | user_id | A | NULL
--> NULL | market | trades | t | NULL | trades_user_time | 3 | 2 | executed | D | NULL

-- pgjdbc: getImportedKeys
SELECT NULL::text AS PKTABLE_CAT, pkn.nspname AS PKTABLE_SCHEM, pkc.relname AS PKTABLE_NAME, pka.attname AS PKCOLUMN_NAME,
  NULL::text AS FKTABLE_CAT, fkn.nspname AS FKTABLE_SCHEM, fkc.relname AS FKTABLE_NAME, fka.attname AS FKCOLUMN_NAME,
  pos.n AS KEY_SEQ,
  CASE con.confupdtype WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3
    ELSE NULL END AS UPDATE_RULE,
  CASE con.confdeltype WHEN 'c' THEN 0 WHEN 'n' THEN 2 WHEN 'd' THEN 4 WHEN 'r' THEN 1 WHEN 'p' THEN 1 WHEN 'a' THEN 3
    ELSE NULL END AS DELETE_RULE,
  con.conname AS FK_NAME, pkic.relname AS PK_NAME,
  CASE WHEN con.condeferrable AND con.condeferred THEN 5 WHEN con.condeferrable THEN 6 ELSE 7 END AS DEFERRABILITY
FROM pg_catalog.pg_namespace pkn, pg_catalog.pg_class pkc, pg_catalog.pg_attribute pka,
  pg_catalog.pg_namespace fkn, pg_catalog.pg_class fkc, pg_catalog.pg_attribute fka, pg_catalog.pg_constraint con,
  pg_catalog.generate_series(1, 32) pos(n), pg_catalog.pg_class pkic
WHERE pkn.oid = pkc.relnamespace AND pkc.oid = pka.attrelid AND pka.attnum = con.confkey[pos.n]
  AND con.confrelid = pkc.oid AND fkn.oid = fkc.relnamespace AND fkc.oid = fka.attrelid
  AND fka.attnum = con.conkey[pos.n] AND con.conrelid = fkc.oid AND con.contype = 'f'
  AND (pkic.relkind = 'i' OR pkic.relkind = 'I') AND pkic.oid = con.conindid
  AND fkn.nspname = 'market' AND fkc.relname = 'orders'
ORDER BY pkn.nspname, pkc.relname, con.conname, pos.n;
--> pktable_cat | pktable_schem | pktable_name | pkcolumn_name | fktable_cat | fktable_schem | fktable_name | fkcolumn_name | key_seq | update_rule | delete_rule | fk_name | pk_name | deferrability
--> NULL | market | accounts | id | NULL | market | orders | account_id | 1 | 3 | 3 | orders_account_id_fkey | accounts_pkey | 7
--> NULL | market | instruments | symbol | NULL | market | orders | symbol | 1 | 0 | 3 | orders_symbol_fkey | instruments_pkey | 7

-- pgjdbc: types by name and number
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = 'side'::regtype;
--> ?column? | nspname | typname
--> t | market | side

SELECT typinput = 'pg_catalog.array_in'::regproc as is_array, typtype, typname, pg_type.typdelim
FROM pg_catalog.pg_type
  LEFT JOIN (select ns.oid as nspoid, ns.nspname, r.r from pg_namespace as ns
    join (select s.r, (current_schemas(false))[s.r] as nspname
      from generate_series(1, array_upper(current_schemas(false), 1)) as s(r)) as r using (nspname)) as sp
  ON sp.nspoid = typnamespace
WHERE typname = 'int4' ORDER BY sp.r, pg_type.oid DESC;
--> is_array | typtype | typname | typdelim
--> f | b | int4 | ,

SELECT e.typdelim FROM pg_catalog.pg_type t, pg_catalog.pg_type e WHERE t.oid = 1007 and t.typelem = e.oid;
--> typdelim
--> ,

-- pgjdbc: getSchemas, getCatalogs
SELECT nspname AS TABLE_SCHEM, NULL AS TABLE_CATALOG FROM pg_catalog.pg_namespace
WHERE nspname <> 'pg_toast' AND (nspname !~ '^pg_temp_' OR nspname = (pg_catalog.current_schemas(true))[1])
  AND (nspname !~ '^pg_toast_temp_' OR nspname = replace((pg_catalog.current_schemas(true))[1], 'pg_temp_', 'pg_toast_temp_'))
  AND nspname <> 'golden'
ORDER BY TABLE_SCHEM;
--> table_schem | table_catalog
--> information_schema | NULL
--> market | NULL
--> pg_catalog | NULL
--> public | NULL

-- DBeaver: the tables of a schema, their columns, constraints, and what they refer to
SELECT c.relname, c.relkind, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr,
  pg_catalog.pg_get_partkeydef(c.oid) as partition_key
FROM pg_catalog.pg_class c
  LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
WHERE c.relnamespace = 'market'::regnamespace AND c.relkind not in ('i', 'I', 'c') ORDER BY c.relname;
--> relname | relkind | description | partition_expr | partition_key
--> Mixed Case | r | NULL | NULL | NULL
--> accounts | r | NULL | NULL | NULL
--> big_trades | v | NULL | NULL | NULL
--> instruments | r | NULL | NULL | NULL
--> notes | r | NULL | NULL | NULL
--> orders | r | NULL | NULL | NULL
--> positions | r | NULL | NULL | NULL
--> quotes | r | NULL | NULL | NULL
--> sessions | r | NULL | NULL | NULL
--> ticket_seq | S | NULL | NULL | NULL
--> trades | r | Executions | NULL | NULL
--> users | r | NULL | NULL | NULL

SELECT c.relname, a.attname, a.attnum, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value, dsc.description,
  dep.objid IS NOT NULL AS depends
FROM pg_catalog.pg_attribute a
  INNER JOIN pg_catalog.pg_class c ON (a.attrelid = c.oid)
  LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON (a.attrelid = ad.adrelid AND a.attnum = ad.adnum)
  LEFT OUTER JOIN pg_catalog.pg_description dsc ON (c.oid = dsc.objoid AND a.attnum = dsc.objsubid)
  LEFT OUTER JOIN pg_depend dep on dep.refobjid = a.attrelid AND dep.deptype = 'i' and dep.refobjsubid = a.attnum
    and dep.classid = dep.refclassid
WHERE NOT a.attisdropped AND c.relkind not in ('i', 'I', 'c') AND c.oid = 'accounts'::regclass AND a.attnum > 0
ORDER BY a.attnum;
--> relname | attname | attnum | def_value | description | depends
--> accounts | id | 1 | NULL | NULL | f
--> accounts | user_id | 2 | NULL | NULL | f
--> accounts | currency | 3 | 'USD'::bpchar | NULL | f
--> accounts | balance | 4 | 0 | NULL | f
--> accounts | opened | 5 | NULL | NULL | f

SELECT c.conname, c.contype, t.relname as tabrelname, rt.relnamespace::regnamespace as refnamespace, d.description,
  case when c.contype = 'c' then substring(pg_get_constraintdef(c.oid), 7) else null end as consrc_copy
FROM pg_catalog.pg_constraint c
  INNER JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
  LEFT OUTER JOIN pg_catalog.pg_class rt ON rt.oid = c.confrelid
  LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_constraint'::regclass
WHERE c.conrelid = 'orders'::regclass ORDER BY c.conname;
--> conname | contype | tabrelname | refnamespace | description | consrc_copy
--> orders_account_id_fkey | f | orders | market | NULL | NULL
--> orders_pkey | p | orders | NULL | NULL | NULL
--> orders_quantity_check | c | orders | NULL | NULL | ((quantity > 0))
--> orders_status_check | c | orders | NULL | NULL | (((status)::text = ANY ((ARRAY['open'::character varying, 'filled'::character varying, 'cancelled'::character varying])::text[])))
--> orders_symbol_fkey | f | orders | market | NULL | NULL

SELECT i.indisprimary, i.indisunique, i.indkey, c.relname as index_name, tc.relname as tabrelname, dsc.description,
  pg_catalog.pg_get_expr(i.indpred, i.indrelid) as pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) as expr
FROM pg_catalog.pg_index i
  INNER JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  INNER JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid
  LEFT OUTER JOIN pg_catalog.pg_description dsc ON i.indexrelid = dsc.objoid
WHERE i.indrelid IN ('trades'::regclass, 'orders'::regclass) ORDER BY tabrelname, c.relname;
--> indisprimary | indisunique | indkey | index_name | tabrelname | description | pred_expr | expr
--> f | f | 3 10 | orders_open | orders | NULL | ((status)::text = 'open'::text) | NULL
--> t | t | 1 | orders_pkey | orders | NULL | NULL | NULL
--> f | t | 2 8 | trades_order_id_executed_key | trades | NULL | NULL | NULL
--> t | t | 1 | trades_pkey | trades | NULL | NULL | NULL
--> f | f | 4 5 6 | trades_symbol_cover | trades | NULL | NULL | NULL
--> f | f | 3 8 | trades_user_time | trades | NULL | NULL | NULL
--~> indisprimary | indisunique | indkey | index_name | tabrelname | description | pred_expr | expr
--~> f | f | 2 | orders_account_id_fkey_index | orders | NULL | NULL | NULL
--~> f | f | 3 10 | orders_open | orders | NULL | ((status)::text = 'open'::text) | NULL
--~> t | t | 1 | orders_pkey | orders | NULL | NULL | NULL
--~> f | f | 3 | orders_symbol_fkey_index | orders | NULL | NULL | NULL
--~> f | t | 2 8 | trades_order_id_executed_key | trades | NULL | NULL | NULL
--~> t | t | 1 | trades_pkey | trades | NULL | NULL | NULL
--~> f | f | 4 5 6 | trades_symbol_cover | trades | NULL | NULL | NULL
--~> f | f | 3 8 | trades_user_time | trades | NULL | NULL | NULL

SELECT db.datname = current_database() AS is_own, pg_encoding_to_char(db.encoding) AS encoding
FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate AND db.datname = current_database();
--> is_own | encoding
--> t | UTF8

select t.typname, t.typtype, t.typcategory, format_type(nullif(t.typbasetype, 0), t.typtypmod) as base_type_name
FROM pg_catalog.pg_type t LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE t.typname IS NOT NULL AND t.typnamespace = 'market'::regnamespace AND t.typtype IN ('e', 'd')
ORDER BY t.typname;
--> typname | typtype | typcategory | base_type_name
--> positive | d | N | numeric(12,2)
--> side | e | E | NULL

-- Grafana: tables and columns for its query builder
SELECT CASE WHEN quote_ident(table_schema) IN (
    SELECT CASE WHEN trim(s[i]) = '"$user"' THEN user ELSE trim(s[i]) END
    FROM generate_series(array_lower(string_to_array(current_setting('search_path'), ','), 1),
        array_upper(string_to_array(current_setting('search_path'), ','), 1)) as i,
      string_to_array(current_setting('search_path'), ',') s)
  THEN quote_ident(table_name) ELSE quote_ident(table_schema) || '.' || quote_ident(table_name) END AS "table"
FROM information_schema.tables
WHERE quote_ident(table_schema) NOT IN ('information_schema', 'pg_catalog', '_timescaledb_cache', '_timescaledb_catalog')
  AND table_schema = 'market'
ORDER BY 1;
--> table
--> "Mixed Case"
--> accounts
--> big_trades
--> instruments
--> notes
--> orders
--> positions
--> quotes
--> sessions
--> trades
--> users

SELECT quote_ident(column_name) AS "column", data_type AS "type" FROM information_schema.columns
WHERE quote_ident(table_name) = 'orders' AND table_schema = 'market' ORDER BY ordinal_position;
--> column | type
--> id | bigint
--> account_id | bigint
--> symbol | text
--> side | USER-DEFINED
--> price | numeric
--> quantity | integer
--> status | character varying
--> tags | ARRAY
--> details | jsonb
--> placed | timestamp without time zone

-- Metabase: columns and keys
select col.table_schema, col.table_name, col.column_name, col.data_type, col.udt_name, col.is_nullable, col.is_identity,
  col.column_default
from information_schema.columns as col
where col.table_schema !~ '^information_schema|catalog_history|pg_' and col.table_schema = 'market'
order by col.table_schema, col.table_name, col.ordinal_position;
--> table_schema | table_name | column_name | data_type | udt_name | is_nullable | is_identity | column_default
--> market | Mixed Case | Key | integer | int4 | NO | NO | NULL
--> market | Mixed Case | order | text | text | YES | NO | NULL
--> market | accounts | id | bigint | int8 | NO | NO | NULL
--> market | accounts | user_id | bigint | int8 | NO | NO | NULL
--> market | accounts | currency | character | bpchar | NO | NO | 'USD'::bpchar
--> market | accounts | balance | numeric | numeric | NO | NO | 0
--> market | accounts | opened | date | date | YES | NO | NULL
--> market | big_trades | id | bigint | int8 | YES | NO | NULL
--> market | big_trades | symbol | text | text | YES | NO | NULL
--> market | big_trades | value | numeric | numeric | YES | NO | NULL
--> market | instruments | symbol | text | text | NO | NO | NULL
--> market | instruments | name | text | text | NO | NO | NULL
--> market | instruments | tick | numeric | numeric | NO | NO | 0.01
--> market | instruments | lot | integer | int4 | NO | NO | 1
--> market | instruments | listed | date | date | YES | NO | NULL
--> market | notes | id | bigint | int8 | NO | NO | NULL
--> market | notes | body | text | text | YES | NO | NULL
--> market | notes | parent | bigint | int8 | YES | NO | NULL
--> market | orders | id | bigint | int8 | NO | NO | NULL
--> market | orders | account_id | bigint | int8 | NO | NO | NULL
--> market | orders | symbol | text | text | NO | NO | NULL
--> market | orders | side | USER-DEFINED | side | NO | NO | NULL
--> market | orders | price | numeric | numeric | YES | NO | NULL
--> market | orders | quantity | integer | int4 | NO | NO | NULL
--> market | orders | status | character varying | varchar | NO | NO | 'open'::character varying
--> market | orders | tags | ARRAY | _text | YES | NO | NULL
--> market | orders | details | jsonb | jsonb | YES | NO | NULL
--> market | orders | placed | timestamp without time zone | timestamp | NO | NO | NULL
--> market | positions | account_id | bigint | int8 | NO | NO | NULL
--> market | positions | symbol | text | text | NO | NO | NULL
--> market | positions | quantity | bigint | int8 | NO | NO | 0
--> market | positions | average | double precision | float8 | YES | NO | NULL
--> market | quotes | symbol | text | text | NO | NO | NULL
--> market | quotes | at | timestamp without time zone | timestamp | NO | NO | NULL
--> market | quotes | bid | numeric | numeric | YES | NO | NULL
--> market | quotes | ask | numeric | numeric | YES | NO | NULL
--> market | quotes | source | smallint | int2 | YES | NO | NULL
--> market | sessions | token | uuid | uuid | NO | NO | NULL
--> market | sessions | user_id | bigint | int8 | YES | NO | NULL
--> market | sessions | payload | bytea | bytea | YES | NO | NULL
--> market | sessions | started | time without time zone | time | YES | NO | NULL
--> market | sessions | lasts | interval | interval | YES | NO | NULL
--> market | trades | id | bigint | int8 | NO | NO | NULL
--> market | trades | order_id | bigint | int8 | NO | NO | NULL
--> market | trades | user_id | bigint | int8 | NO | NO | NULL
--> market | trades | symbol | text | text | NO | NO | NULL
--> market | trades | price | numeric | numeric | NO | NO | NULL
--> market | trades | quantity | integer | int4 | NO | NO | NULL
--> market | trades | fee | real | float4 | YES | NO | 0
--> market | trades | executed | timestamp without time zone | timestamp | NO | NO | NULL
--> market | users | id | bigint | int8 | NO | NO | NULL
--> market | users | email | text | text | NO | NO | NULL
--> market | users | name | character varying | varchar | YES | NO | NULL
--> market | users | country | character | bpchar | YES | NO | NULL
--> market | users | created | timestamp with time zone | timestamptz | NO | NO | CURRENT_TIMESTAMP
--> market | users | active | boolean | bool | NO | NO | true

select fk_ns.nspname as "fk-table-schema", fk_table.relname as "fk-table-name", fk_column.attname as "fk-column-name",
  pk_ns.nspname as "pk-table-schema", pk_table.relname as "pk-table-name", pk_column.attname as "pk-column-name"
from pg_constraint c
  join pg_class fk_table on c.conrelid = fk_table.oid
  join pg_namespace fk_ns on c.connamespace = fk_ns.oid
  join pg_attribute fk_column on c.conrelid = fk_column.attrelid
  join pg_class pk_table on c.confrelid = pk_table.oid
  join pg_namespace pk_ns on pk_table.relnamespace = pk_ns.oid
  join pg_attribute pk_column on c.confrelid = pk_column.attrelid
where fk_ns.nspname !~ '^information_schema$|^pg_' and c.contype = 'f'
  and fk_column.attnum = ANY(c.conkey) and pk_column.attnum = ANY(c.confkey) and fk_ns.nspname = 'market'
order by fk_ns.nspname, fk_table.relname, fk_column.attname;
--> fk-table-schema | fk-table-name | fk-column-name | pk-table-schema | pk-table-name | pk-column-name
--> market | accounts | user_id | market | users | id
--> market | notes | parent | market | notes | id
--> market | orders | account_id | market | accounts | id
--> market | orders | symbol | market | instruments | symbol
--> market | trades | order_id | market | orders | id

select tc.constraint_name, tc.table_name, kcu.column_name, kcu.ordinal_position, kcu.position_in_unique_constraint
from information_schema.table_constraints tc
  join information_schema.key_column_usage kcu
    on tc.constraint_name = kcu.constraint_name and tc.table_schema = kcu.table_schema
where tc.constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY') and tc.table_schema = 'market'
order by tc.table_name, tc.constraint_name, kcu.ordinal_position;
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

SET search_path = public;

DROP SCHEMA market CASCADE;
