-- What psql's commands ask: \d, \d+, \dt+, \di, \dv, \ds, \dn, \du, \df, \dT, \l, \dx, \dp, \sv
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

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE c.relkind IN ('r','p','v','m','S','f','')
      AND n.nspname <> 'pg_catalog'
      AND n.nspname !~ '^pg_toast'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1,2;
--> Schema | Name | Type | Owner
--> market | Mixed Case | table | postgres
--> market | accounts | table | postgres
--> market | big_trades | view | postgres
--> market | instruments | table | postgres
--> market | notes | table | postgres
--> market | orders | table | postgres
--> market | positions | table | postgres
--> market | quotes | table | postgres
--> market | sessions | table | postgres
--> market | ticket_seq | sequence | postgres
--> market | trades | table | postgres
--> market | users | table | postgres

SELECT n.nspname as "Schema",
  pg_catalog.format_type(t.oid, NULL) AS "Name",
  pg_catalog.obj_description(t.oid, 'pg_type') as "Description"
FROM pg_catalog.pg_type t
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid))
  AND NOT EXISTS(SELECT 1 FROM pg_catalog.pg_type el WHERE el.oid = t.typelem AND el.typarray = t.oid)
      AND n.nspname <> 'pg_catalog'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_type_is_visible(t.oid)
ORDER BY 1, 2;
--> Schema | Name | Description
--> market | positive | NULL
--> market | side | NULL

SELECT c.oid,
  n.nspname,
  c.relname
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname OPERATOR(pg_catalog.~) '^(trades_user_time)$' COLLATE pg_catalog.default
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 2, 3;
--> oid | nspname | relname
--> # | market | trades_user_time

SELECT c.relchecks, c.relkind, c.relhasindex, c.relhasrules, c.relhastriggers, c.relrowsecurity, c.relforcerowsecurity, false AS relhasoids, c.relispartition, '', c.reltablespace, CASE WHEN c.reloftype = 0 THEN '' ELSE c.reloftype::pg_catalog.regtype::pg_catalog.text END, c.relpersistence, c.relreplident, am.amname
FROM pg_catalog.pg_class c
 LEFT JOIN pg_catalog.pg_class tc ON (c.reltoastrelid = tc.oid)
LEFT JOIN pg_catalog.pg_am am ON (c.relam = am.oid)
WHERE c.oid = 'trades_user_time'::regclass;
--> relchecks | relkind | relhasindex | relhasrules | relhastriggers | relrowsecurity | relforcerowsecurity | relhasoids | relispartition | ?column? | reltablespace | reloftype | relpersistence | relreplident | amname
--> 0 | i | f | f | f | f | f | f | f |  | 0 |  | p | n | btree

SELECT a.attname,
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  CASE WHEN a.attnum <= (SELECT i.indnkeyatts FROM pg_catalog.pg_index i WHERE i.indexrelid = 'trades_user_time'::regclass) THEN 'yes' ELSE 'no' END AS is_key,
  pg_catalog.pg_get_indexdef(a.attrelid, a.attnum, TRUE) AS indexdef
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = 'trades_user_time'::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum;
--> attname | format_type | is_key | indexdef
--> user_id | bigint | yes | user_id
--> executed | timestamp without time zone | yes | executed

SELECT i.indisunique, i.indisprimary, i.indisclustered, i.indisvalid,
  (NOT i.indimmediate) AND EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = i.indrelid AND conindid = i.indexrelid AND contype IN ('p','u','x') AND condeferrable) AS condeferrable,
  (NOT i.indimmediate) AND EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conrelid = i.indrelid AND conindid = i.indexrelid AND contype IN ('p','u','x') AND condeferred) AS condeferred,
i.indisreplident,
i.indnullsnotdistinct,
  a.amname, c2.relname, pg_catalog.pg_get_expr(i.indpred, i.indrelid, true)
FROM pg_catalog.pg_index i, pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_am a
WHERE i.indexrelid = c.oid AND c.oid = 'trades_user_time'::regclass AND c.relam = a.oid
AND i.indrelid = c2.oid;
--> indisunique | indisprimary | indisclustered | indisvalid | condeferrable | condeferred | indisreplident | indnullsnotdistinct | amname | relname | pg_get_expr
--> f | f | f | t | f | f | f | f | btree | trades | NULL

SELECT a.attname,
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true)
   FROM pg_catalog.pg_attrdef d
   WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef),
  a.attnotnull,
  (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t
   WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation) AS attcollation,
  a.attidentity,
  a.attgenerated
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = 'big_trades'::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum;
--> attname | format_type | pg_get_expr | attnotnull | attcollation | attidentity | attgenerated
--> id | bigint | NULL | f | NULL |  |
--> symbol | text | NULL | f | NULL |  |
--> value | numeric | NULL | f | NULL |  |

SELECT pol.polname, pol.polpermissive,
  CASE WHEN pol.polroles = '{0}' THEN NULL ELSE pg_catalog.array_to_string(array(select rolname from pg_catalog.pg_roles where oid = any (pol.polroles) order by 1),',') END,
  pg_catalog.pg_get_expr(pol.polqual, pol.polrelid),
  pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid),
  CASE pol.polcmd
    WHEN 'r' THEN 'SELECT'
    WHEN 'a' THEN 'INSERT'
    WHEN 'w' THEN 'UPDATE'
    WHEN 'd' THEN 'DELETE'
    END AS cmd
FROM pg_catalog.pg_policy pol
WHERE pol.polrelid = 'big_trades'::regclass ORDER BY 1;
--> polname | polpermissive | array_to_string | pg_get_expr | pg_get_expr | cmd

SELECT oid, stxrelid::pg_catalog.regclass, stxnamespace::pg_catalog.regnamespace::pg_catalog.text AS nsp, stxname,
pg_catalog.pg_get_statisticsobjdef_columns(oid) AS columns,
  'd' = any(stxkind) AS ndist_enabled,
  'f' = any(stxkind) AS deps_enabled,
  'm' = any(stxkind) AS mcv_enabled,
stxstattarget
FROM pg_catalog.pg_statistic_ext
WHERE stxrelid = 'big_trades'::regclass
ORDER BY nsp, stxname;
--> oid | stxrelid | nsp | stxname | columns | ndist_enabled | deps_enabled | mcv_enabled | stxstattarget

SELECT pubname
     , NULL
     , NULL
FROM pg_catalog.pg_publication p
     JOIN pg_catalog.pg_publication_namespace pn ON p.oid = pn.pnpubid
     JOIN pg_catalog.pg_class pc ON pc.relnamespace = pn.pnnspid
WHERE pc.oid ='big_trades'::regclass and pg_catalog.pg_relation_is_publishable('big_trades'::regclass)
UNION
SELECT pubname
     , pg_get_expr(pr.prqual, c.oid)
     , (CASE WHEN pr.prattrs IS NOT NULL THEN
         (SELECT string_agg(attname, ', ')
           FROM pg_catalog.generate_series(0, pg_catalog.array_upper(pr.prattrs::pg_catalog.int2[], 1)) s,
                pg_catalog.pg_attribute
          WHERE attrelid = pr.prrelid AND attnum = prattrs[s])
        ELSE NULL END) FROM pg_catalog.pg_publication p
     JOIN pg_catalog.pg_publication_rel pr ON p.oid = pr.prpubid
     JOIN pg_catalog.pg_class c ON c.oid = pr.prrelid
WHERE pr.prrelid = 'big_trades'::regclass
UNION
SELECT pubname
     , NULL
     , NULL
FROM pg_catalog.pg_publication p
WHERE p.puballtables AND pg_catalog.pg_relation_is_publishable('big_trades'::regclass)
ORDER BY 1;
--> pubname | ?column? | ?column?

SELECT c.oid::pg_catalog.regclass
FROM pg_catalog.pg_class c, pg_catalog.pg_inherits i
WHERE c.oid = i.inhparent AND i.inhrelid = 'big_trades'::regclass
  AND c.relkind != 'p' AND c.relkind != 'I'
ORDER BY inhseqno;
--> oid

SELECT c.oid::pg_catalog.regclass, c.relkind, inhdetachpending, pg_catalog.pg_get_expr(c.relpartbound, c.oid)
FROM pg_catalog.pg_class c, pg_catalog.pg_inherits i
WHERE c.oid = i.inhrelid AND i.inhparent = 'big_trades'::regclass
ORDER BY pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', c.oid::pg_catalog.regclass::pg_catalog.text;
--> oid | relkind | inhdetachpending | pg_get_expr

SELECT pg_catalog.format_type(seqtypid, NULL) AS "Type",
       seqstart AS "Start",
       seqmin AS "Minimum",
       seqmax AS "Maximum",
       seqincrement AS "Increment",
       CASE WHEN seqcycle THEN 'yes' ELSE 'no' END AS "Cycles?",
       seqcache AS "Cache"
FROM pg_catalog.pg_sequence
WHERE seqrelid = 'ticket_seq'::regclass;
--> Type | Start | Minimum | Maximum | Increment | Cycles? | Cache
--> bigint | 100 | 1 | # | 5 | no | 1

SELECT pg_catalog.quote_ident(nspname) || '.' ||
   pg_catalog.quote_ident(relname) || '.' ||
   pg_catalog.quote_ident(attname),
   d.deptype
FROM pg_catalog.pg_class c
INNER JOIN pg_catalog.pg_depend d ON c.oid=d.refobjid
INNER JOIN pg_catalog.pg_namespace n ON n.oid=c.relnamespace
INNER JOIN pg_catalog.pg_attribute a ON (
 a.attrelid=c.oid AND
 a.attnum=d.refobjsubid)
WHERE d.classid='pg_catalog.pg_class'::pg_catalog.regclass
 AND d.refclassid='pg_catalog.pg_class'::pg_catalog.regclass
 AND d.objid='ticket_seq'::regclass
 AND d.deptype IN ('a', 'i');
--> ?column? | deptype

SELECT c2.relname, i.indisprimary, i.indisunique, i.indisclustered, i.indisvalid, pg_catalog.pg_get_indexdef(i.indexrelid, 0, true),
  pg_catalog.pg_get_constraintdef(con.oid, true), contype, condeferrable, condeferred, i.indisreplident, c2.reltablespace
FROM pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_index i
  LEFT JOIN pg_catalog.pg_constraint con ON (conrelid = i.indrelid AND conindid = i.indexrelid AND contype IN ('p','u','x'))
WHERE c.oid = 'trades'::regclass AND c.oid = i.indrelid AND i.indexrelid = c2.oid
ORDER BY i.indisprimary DESC, c2.relname;
--> relname | indisprimary | indisunique | indisclustered | indisvalid | pg_get_indexdef | pg_get_constraintdef | contype | condeferrable | condeferred | indisreplident | reltablespace
--> trades_pkey | t | t | f | t | CREATE UNIQUE INDEX trades_pkey ON trades USING btree (id) | PRIMARY KEY (id) | p | f | f | f | 0
--> trades_order_id_executed_key | f | t | f | t | CREATE UNIQUE INDEX trades_order_id_executed_key ON trades USING btree (order_id, executed) | UNIQUE (order_id, executed) | u | f | f | f | 0
--> trades_symbol_cover | f | f | f | t | CREATE INDEX trades_symbol_cover ON trades USING btree (symbol) INCLUDE (price, quantity) | NULL | NULL | NULL | NULL | f | 0
--> trades_user_time | f | f | f | t | CREATE INDEX trades_user_time ON trades USING btree (user_id, executed DESC) | NULL | NULL | NULL | NULL | f | 0

SELECT r.conname, pg_catalog.pg_get_constraintdef(r.oid, true)
FROM pg_catalog.pg_constraint r
WHERE r.conrelid = 'trades'::regclass AND r.contype = 'c'
ORDER BY 1;
--> conname | pg_get_constraintdef

SELECT true as sametable, conname,
  pg_catalog.pg_get_constraintdef(r.oid, true) as condef,
  conrelid::pg_catalog.regclass AS ontable
FROM pg_catalog.pg_constraint r
WHERE r.conrelid = 'trades'::regclass AND r.contype = 'f'
     AND conparentid = 0
ORDER BY conname;
--> sametable | conname | condef | ontable
--> t | trades_order_id_fkey | FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED | trades

SELECT conname, conrelid::pg_catalog.regclass AS ontable,
       pg_catalog.pg_get_constraintdef(oid, true) AS condef
  FROM pg_catalog.pg_constraint c
 WHERE confrelid IN (SELECT pg_catalog.pg_partition_ancestors('trades'::regclass)
                     UNION ALL VALUES ('trades'::pg_catalog.regclass))
       AND contype = 'f' AND conparentid = 0
ORDER BY conname;
--> conname | ontable | condef

SELECT t.tgname, pg_catalog.pg_get_triggerdef(t.oid, true), t.tgenabled, t.tgisinternal,
  CASE WHEN t.tgparentid != 0 THEN
    (SELECT u.tgrelid::pg_catalog.regclass
     FROM pg_catalog.pg_trigger AS u,
          pg_catalog.pg_partition_ancestors(t.tgrelid) WITH ORDINALITY AS a(relid, depth)
     WHERE u.tgname = t.tgname AND u.tgrelid = a.relid
           AND u.tgparentid = 0
     ORDER BY a.depth LIMIT 1)
  END AS parent
FROM pg_catalog.pg_trigger t
WHERE t.tgrelid = 'trades'::regclass AND (NOT t.tgisinternal OR (t.tgisinternal AND t.tgenabled = 'D'))
ORDER BY 1;
--> tgname | pg_get_triggerdef | tgenabled | tgisinternal | parent

SELECT n.nspname as "Schema",
  p.proname as "Name",
  pg_catalog.pg_get_function_result(p.oid) as "Result data type",
  pg_catalog.pg_get_function_arguments(p.oid) as "Argument data types",
 CASE p.prokind
  WHEN 'a' THEN 'agg'
  WHEN 'w' THEN 'window'
  WHEN 'p' THEN 'proc'
  ELSE 'func'
 END as "Type"
FROM pg_catalog.pg_proc p
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE pg_catalog.pg_function_is_visible(p.oid)
      AND n.nspname <> 'pg_catalog'
      AND n.nspname <> 'information_schema'
ORDER BY 1, 2, 4;
--> Schema | Name | Result data type | Argument data types | Type

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner",
  c2.relname as "Table"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
     LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
     LEFT JOIN pg_catalog.pg_class c2 ON i.indrelid = c2.oid
WHERE c.relkind IN ('i','I','')
      AND n.nspname <> 'pg_catalog'
      AND n.nspname !~ '^pg_toast'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1,2;
--> Schema | Name | Type | Owner | Table
--> market | Mixed Case_pkey | index | postgres | Mixed Case
--> market | accounts_pkey | index | postgres | accounts
--> market | instruments_pkey | index | postgres | instruments
--> market | notes_pkey | index | postgres | notes
--> market | orders_open | index | postgres | orders
--> market | orders_pkey | index | postgres | orders
--> market | positions_pkey | index | postgres | positions
--> market | sessions_pkey | index | postgres | sessions
--> market | trades_order_id_executed_key | index | postgres | trades
--> market | trades_pkey | index | postgres | trades
--> market | trades_symbol_cover | index | postgres | trades
--> market | trades_user_time | index | postgres | trades
--> market | users_email_key | index | postgres | users
--> market | users_lower_email | index | postgres | users
--> market | users_pkey | index | postgres | users
--~> Schema | Name | Type | Owner | Table
--~> market | Mixed Case_pkey | index | postgres | Mixed Case
--~> market | accounts_pkey | index | postgres | accounts
--~> market | accounts_user_id_fkey_index | index | postgres | accounts
--~> market | instruments_pkey | index | postgres | instruments
--~> market | notes_parent_fkey_index | index | postgres | notes
--~> market | notes_pkey | index | postgres | notes
--~> market | orders_account_id_fkey_index | index | postgres | orders
--~> market | orders_open | index | postgres | orders
--~> market | orders_pkey | index | postgres | orders
--~> market | orders_symbol_fkey_index | index | postgres | orders
--~> market | positions_pkey | index | postgres | positions
--~> market | sessions_pkey | index | postgres | sessions
--~> market | trades_order_id_executed_key | index | postgres | trades
--~> market | trades_pkey | index | postgres | trades
--~> market | trades_symbol_cover | index | postgres | trades
--~> market | trades_user_time | index | postgres | trades
--~> market | users_email_key | index | postgres | users
--~> market | users_lower_email | index | postgres | users
--~> market | users_pkey | index | postgres | users

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE c.relkind IN ('m','')
      AND n.nspname <> 'pg_catalog'
      AND n.nspname !~ '^pg_toast'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1,2;
--> Schema | Name | Type | Owner

SELECT n.nspname AS "Name",
  pg_catalog.pg_get_userbyid(n.nspowner) AS "Owner"
FROM pg_catalog.pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1;
--> Name | Owner
--> golden | postgres
--> market | postgres
--> public | pg_database_owner
--~> Name | Owner
--~> market | postgres
--~> public | postgres

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' END as "Type",
  pg_catalog.array_to_string(c.relacl, E'\n') AS "Access privileges",
  pg_catalog.array_to_string(ARRAY(
    SELECT attname || E':\n  ' || pg_catalog.array_to_string(attacl, E'\n  ')
    FROM pg_catalog.pg_attribute a
    WHERE attrelid = c.oid AND NOT attisdropped AND attacl IS NOT NULL
  ), E'\n') AS "Column privileges",
  pg_catalog.array_to_string(ARRAY(
    SELECT polname
    || CASE WHEN NOT polpermissive THEN
       E' (RESTRICTIVE)'
       ELSE '' END
    || CASE WHEN polcmd != '*' THEN
           E' (' || polcmd::pg_catalog.text || E'):'
       ELSE E':'
       END
    || CASE WHEN polqual IS NOT NULL THEN
           E'\n  (u): ' || pg_catalog.pg_get_expr(polqual, polrelid)
       ELSE E''
       END
    || CASE WHEN polwithcheck IS NOT NULL THEN
           E'\n  (c): ' || pg_catalog.pg_get_expr(polwithcheck, polrelid)
       ELSE E''
       END    || CASE WHEN polroles <> '{0}' THEN
           E'\n  to: ' || pg_catalog.array_to_string(
               ARRAY(
                   SELECT rolname
                   FROM pg_catalog.pg_roles
                   WHERE oid = ANY (polroles)
                   ORDER BY 1
               ), E', ')
       ELSE E''
       END
    FROM pg_catalog.pg_policy pol
    WHERE polrelid = c.oid), E'\n')
    AS "Policies"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r','v','m','S','f','p')
  AND n.nspname !~ '^pg_' AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1, 2;
--> Schema | Name | Type | Access privileges | Column privileges | Policies
--> market | Mixed Case | table | NULL |  |
--> market | accounts | table | NULL |  |
--> market | big_trades | view | NULL |  |
--> market | instruments | table | NULL |  |
--> market | notes | table | NULL |  |
--> market | orders | table | NULL |  |
--> market | positions | table | NULL |  |
--> market | quotes | table | NULL |  |
--> market | sessions | table | NULL |  |
--> market | ticket_seq | sequence | NULL |  |
--> market | trades | table | NULL |  |
--> market | users | table | NULL |  |

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner",
  CASE c.relpersistence WHEN 'p' THEN 'permanent' WHEN 't' THEN 'temporary' WHEN 'u' THEN 'unlogged' END as "Persistence",
  am.amname as "Access method",
  pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)) as "Size",
  pg_catalog.obj_description(c.oid, 'pg_class') as "Description"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE c.relkind IN ('r','p','v','m','S','f','')
      AND n.nspname <> 'pg_catalog'
      AND n.nspname !~ '^pg_toast'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1,2;
--> Schema | Name | Type | Owner | Persistence | Access method | Size | Description
--> market | Mixed Case | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | accounts | table | postgres | permanent | heap | 0 bytes | NULL
--> market | big_trades | view | postgres | permanent | NULL | 0 bytes | NULL
--> market | instruments | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | notes | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | orders | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | positions | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | quotes | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | sessions | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | ticket_seq | sequence | postgres | permanent | NULL | 8192 bytes | NULL
--> market | trades | table | postgres | permanent | heap | 8192 bytes | Executions
--> market | users | table | postgres | permanent | heap | 8192 bytes | NULL
--~> Schema | Name | Type | Owner | Persistence | Access method | Size | Description
--~> market | Mixed Case | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | accounts | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | big_trades | view | postgres | permanent | NULL | 0 bytes | NULL
--~> market | instruments | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | notes | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | orders | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | positions | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | quotes | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | sessions | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | ticket_seq | sequence | postgres | permanent | NULL | 0 bytes | NULL
--~> market | trades | table | postgres | permanent | heap | 0 bytes | Executions
--~> market | users | table | postgres | permanent | heap | 0 bytes | NULL

SELECT c.relchecks, c.relkind, c.relhasindex, c.relhasrules, c.relhastriggers, c.relrowsecurity, c.relforcerowsecurity, false AS relhasoids, c.relispartition, pg_catalog.array_to_string(c.reloptions || array(select 'toast.' || x from pg_catalog.unnest(tc.reloptions) x), ', ')
, c.reltablespace, CASE WHEN c.reloftype = 0 THEN '' ELSE c.reloftype::pg_catalog.regtype::pg_catalog.text END, c.relpersistence, c.relreplident, am.amname
FROM pg_catalog.pg_class c
 LEFT JOIN pg_catalog.pg_class tc ON (c.reltoastrelid = tc.oid)
LEFT JOIN pg_catalog.pg_am am ON (c.relam = am.oid)
WHERE c.oid = 'trades'::regclass;
--> relchecks | relkind | relhasindex | relhasrules | relhastriggers | relrowsecurity | relforcerowsecurity | relhasoids | relispartition | array_to_string | reltablespace | reloftype | relpersistence | relreplident | amname
--> 0 | r | t | f | t | f | f | f | f |  | 0 |  | p | d | heap

SELECT a.attname,
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true)
   FROM pg_catalog.pg_attrdef d
   WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef),
  a.attnotnull,
  (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t
   WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation) AS attcollation,
  a.attidentity,
  a.attgenerated,
  a.attstorage,
  a.attcompression AS attcompression,
  CASE WHEN a.attstattarget=-1 THEN NULL ELSE a.attstattarget END AS attstattarget,
  pg_catalog.col_description(a.attrelid, a.attnum)
FROM pg_catalog.pg_attribute a
WHERE a.attrelid = 'trades'::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum;
--> attname | format_type | pg_get_expr | attnotnull | attcollation | attidentity | attgenerated | attstorage | attcompression | attstattarget | col_description
--> id | bigint | NULL | t | NULL |  |  | p |  | NULL | NULL
--> order_id | bigint | NULL | t | NULL |  |  | p |  | NULL | NULL
--> user_id | bigint | NULL | t | NULL |  |  | p |  | NULL | NULL
--> symbol | text | NULL | t | NULL |  |  | x |  | NULL | NULL
--> price | numeric(12,4) | NULL | t | NULL |  |  | m |  | NULL | Price of one unit
--> quantity | integer | NULL | t | NULL |  |  | p |  | NULL | NULL
--> fee | real | 0 | f | NULL |  |  | p |  | NULL | NULL
--> executed | timestamp without time zone | NULL | t | NULL |  |  | p |  | NULL | NULL

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('S','')
      AND n.nspname <> 'pg_catalog'
      AND n.nspname !~ '^pg_toast'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1,2;
--> Schema | Name | Type | Owner
--> market | ticket_seq | sequence | postgres

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE c.relkind IN ('r','p','')
      AND n.nspname <> 'pg_catalog'
      AND n.nspname !~ '^pg_toast'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1,2;
--> Schema | Name | Type | Owner
--> market | Mixed Case | table | postgres
--> market | accounts | table | postgres
--> market | instruments | table | postgres
--> market | notes | table | postgres
--> market | orders | table | postgres
--> market | positions | table | postgres
--> market | quotes | table | postgres
--> market | sessions | table | postgres
--> market | trades | table | postgres
--> market | users | table | postgres

SELECT n.nspname as "Schema",
  c.relname as "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN 'partitioned index' END as "Type",
  pg_catalog.pg_get_userbyid(c.relowner) as "Owner",
  CASE c.relpersistence WHEN 'p' THEN 'permanent' WHEN 't' THEN 'temporary' WHEN 'u' THEN 'unlogged' END as "Persistence",
  am.amname as "Access method",
  pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)) as "Size",
  pg_catalog.obj_description(c.oid, 'pg_class') as "Description"
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE c.relkind IN ('r','p','')
      AND n.nspname <> 'pg_catalog'
      AND n.nspname !~ '^pg_toast'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_table_is_visible(c.oid)
ORDER BY 1,2;
--> Schema | Name | Type | Owner | Persistence | Access method | Size | Description
--> market | Mixed Case | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | accounts | table | postgres | permanent | heap | 0 bytes | NULL
--> market | instruments | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | notes | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | orders | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | positions | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | quotes | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | sessions | table | postgres | permanent | heap | 8192 bytes | NULL
--> market | trades | table | postgres | permanent | heap | 8192 bytes | Executions
--> market | users | table | postgres | permanent | heap | 8192 bytes | NULL
--~> Schema | Name | Type | Owner | Persistence | Access method | Size | Description
--~> market | Mixed Case | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | accounts | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | instruments | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | notes | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | orders | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | positions | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | quotes | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | sessions | table | postgres | permanent | heap | 0 bytes | NULL
--~> market | trades | table | postgres | permanent | heap | 0 bytes | Executions
--~> market | users | table | postgres | permanent | heap | 0 bytes | NULL

SELECT r.rolname, r.rolsuper, r.rolinherit,
  r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
  r.rolconnlimit, r.rolvaliduntil,
  ARRAY(SELECT b.rolname
        FROM pg_catalog.pg_auth_members m
        JOIN pg_catalog.pg_roles b ON (m.roleid = b.oid)
        WHERE m.member = r.oid) as memberof
, r.rolreplication
, r.rolbypassrls
FROM pg_catalog.pg_roles r
WHERE r.rolname !~ '^pg_'
ORDER BY 1;
--> rolname | rolsuper | rolinherit | rolcreaterole | rolcreatedb | rolcanlogin | rolconnlimit | rolvaliduntil | memberof | rolreplication | rolbypassrls
--> postgres | t | t | t | t | t | -1 | NULL | {} | t | t

SELECT e.extname AS "Name", e.extversion AS "Version", n.nspname AS "Schema", c.description AS "Description"
FROM pg_catalog.pg_extension e LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace LEFT JOIN pg_catalog.pg_description c ON c.objoid = e.oid AND c.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass
ORDER BY 1;
--> Name | Version | Schema | Description
--> plpgsql | 1.0 | pg_catalog | PL/pgSQL procedural language
--~> Name | Version | Schema | Description

SELECT d.datname as "Name",
       pg_catalog.pg_get_userbyid(d.datdba) as "Owner",
       pg_catalog.pg_encoding_to_char(d.encoding) as "Encoding",
       d.datcollate as "Collate",
       d.datctype as "Ctype",
       d.daticulocale as "ICU Locale",
       CASE d.datlocprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' END AS "Locale Provider",
       pg_catalog.array_to_string(d.datacl, E'\n') AS "Access privileges"
FROM pg_catalog.pg_database d
ORDER BY 1;
--> Name | Owner | Encoding | Collate | Ctype | ICU Locale | Locale Provider | Access privileges
--> catalog_check | postgres | UTF8 | C | C | NULL | libc | NULL
--> postgres | postgres | UTF8 | C | C | NULL | libc | NULL
--> sequences | postgres | UTF8 | C | C | NULL | libc | NULL
--> template0 | postgres | UTF8 | C | C | NULL | libc | =c/postgres
--> postgres=CTc/postgres
--> template1 | postgres | UTF8 | C | C | NULL | libc | =c/postgres
--> postgres=CTc/postgres
--~> Name | Owner | Encoding | Collate | Ctype | ICU Locale | Locale Provider | Access privileges
--~> postgres | postgres | UTF8 | C | C | NULL | libc | NULL

SELECT nspname, relname, relkind, pg_catalog.pg_get_viewdef(c.oid, true), pg_catalog.array_remove(pg_catalog.array_remove(c.reloptions,'check_option=local'),'check_option=cascaded') AS reloptions, CASE WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL'::text WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED'::text ELSE NULL END AS checkoption FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON c.relnamespace = n.oid WHERE c.oid = 16431;
--> nspname | relname | relkind | pg_get_viewdef | reloptions | checkoption

SET search_path = public;

DROP SCHEMA market CASCADE;
