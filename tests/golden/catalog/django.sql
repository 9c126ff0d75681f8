-- What Django asks when it migrates and inspects
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

SELECT
                c.relname,
                CASE
                    WHEN c.relispartition THEN 'p'
                    WHEN c.relkind IN ('m', 'v') THEN 'v'
                    ELSE 't'
                END,
                obj_description(c.oid, 'pg_class')
            FROM pg_catalog.pg_class c
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v')
                AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
                AND pg_catalog.pg_table_is_visible(c.oid);
--> relname | case | obj_description
--> Mixed Case | t | NULL
--> accounts | t | NULL
--> big_trades | v | NULL
--> instruments | t | NULL
--> notes | t | NULL
--> orders | t | NULL
--> positions | t | NULL
--> quotes | t | NULL
--> sessions | t | NULL
--> trades | t | Executions
--> users | t | NULL

SELECT a1.attname, c2.relname, a2.attname
            FROM pg_constraint con
            LEFT JOIN pg_class c1 ON con.conrelid = c1.oid
            LEFT JOIN pg_class c2 ON con.confrelid = c2.oid
            LEFT JOIN
                pg_attribute a1 ON c1.oid = a1.attrelid AND a1.attnum = con.conkey[1]
            LEFT JOIN
                pg_attribute a2 ON c2.oid = a2.attrelid AND a2.attnum = con.confkey[1]
            WHERE
                c1.relname = 'instruments' AND
                con.contype = 'f' AND
                c1.relnamespace = c2.relnamespace AND
                pg_catalog.pg_table_is_visible(c1.oid);
--> attname | relname | attname

SELECT
                c.conname,
                array(
                    SELECT attname
                    FROM unnest(c.conkey) WITH ORDINALITY cols(colid, arridx)
                    JOIN pg_attribute AS ca ON cols.colid = ca.attnum
                    WHERE ca.attrelid = c.conrelid
                    ORDER BY cols.arridx
                ),
                c.contype,
                (SELECT fkc.relname || '.' || fka.attname
                FROM pg_attribute AS fka
                JOIN pg_class AS fkc ON fka.attrelid = fkc.oid
                WHERE fka.attrelid = c.confrelid AND fka.attnum = c.confkey[1]),
                cl.reloptions
            FROM pg_constraint AS c
            JOIN pg_class AS cl ON c.conrelid = cl.oid
            WHERE cl.relname = 'instruments' AND pg_catalog.pg_table_is_visible(cl.oid);
--> conname | array | contype | ?column? | reloptions
--> instruments_lot_check | {lot} | c | NULL | NULL
--> instruments_pkey | {symbol} | p | NULL | NULL
--> instruments_tick_check | {tick} | c | NULL | NULL

SELECT
                indexname,
                array_agg(attname ORDER BY arridx),
                indisunique,
                indisprimary,
                array_agg(ordering ORDER BY arridx),
                amname,
                exprdef,
                s2.attoptions
            FROM (
                SELECT
                    c2.relname as indexname, idx.*, attr.attname, am.amname,
                    CASE
                        WHEN idx.indexprs IS NOT NULL THEN
                            pg_get_indexdef(idx.indexrelid)
                    END AS exprdef,
                    CASE am.amname
                        WHEN 'btree' THEN
                            CASE (option & 1)
                                WHEN 1 THEN 'DESC' ELSE 'ASC'
                            END
                    END as ordering,
                    c2.reloptions as attoptions
                FROM (
                    SELECT *
                    FROM
                        pg_index i,
                        unnest(i.indkey, i.indoption)
                            WITH ORDINALITY koi(key, option, arridx)
                ) idx
                LEFT JOIN pg_class c ON idx.indrelid = c.oid
                LEFT JOIN pg_class c2 ON idx.indexrelid = c2.oid
                LEFT JOIN pg_am am ON c2.relam = am.oid
                LEFT JOIN
                    pg_attribute attr ON attr.attrelid = c.oid AND attr.attnum = idx.key
                WHERE c.relname = 'instruments' AND pg_catalog.pg_table_is_visible(c.oid)
            ) s2
            GROUP BY indexname, indisunique, indisprimary, amname, exprdef, attoptions;
--> indexname | array_agg | indisunique | indisprimary | array_agg | amname | exprdef | attoptions
--> instruments_pkey | {symbol} | t | t | {ASC} | btree | NULL | NULL

SELECT
                a.attname AS column_name,
                NOT (a.attnotnull OR (t.typtype = 'd' AND t.typnotnull)) AS is_nullable,
                pg_get_expr(ad.adbin, ad.adrelid) AS column_default,
                CASE WHEN collname = 'default' THEN NULL ELSE collname END AS collation,
                a.attidentity != '' AS is_autofield,
                col_description(a.attrelid, a.attnum) AS column_comment
            FROM pg_attribute a
            LEFT JOIN pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
            LEFT JOIN pg_collation co ON a.attcollation = co.oid
            JOIN pg_type t ON a.atttypid = t.oid
            JOIN pg_class c ON a.attrelid = c.oid
            JOIN pg_namespace n ON c.relnamespace = n.oid
            WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v')
                AND c.relname = 'instruments'
                AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
                AND pg_catalog.pg_table_is_visible(c.oid);
--> column_name | is_nullable | column_default | collation | is_autofield | column_comment
--> cmax | f | NULL | NULL | f | NULL
--> cmin | f | NULL | NULL | f | NULL
--> ctid | f | NULL | NULL | f | NULL
--> listed | t | NULL | NULL | f | NULL
--> lot | f | 1 | NULL | f | NULL
--> name | f | NULL | NULL | f | NULL
--> symbol | f | NULL | NULL | f | NULL
--> tableoid | f | NULL | NULL | f | NULL
--> tick | f | 0.01 | NULL | f | NULL
--> xmax | f | NULL | NULL | f | NULL
--> xmin | f | NULL | NULL | f | NULL

SET search_path = public;

DROP SCHEMA market CASCADE;
