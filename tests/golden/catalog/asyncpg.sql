-- What asyncpg asks
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

WITH RECURSIVE typeinfo_tree(
    oid, ns, name, kind, basetype, elemtype, elemdelim,
    range_subtype, attrtypoids, attrnames, depth)
AS (
    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, 0
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid
                    UNION ALL
                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)
               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)
                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)
                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 AS ti
    WHERE
        ti.oid = any(ARRAY['side'::regtype, 'positive'::regtype, 'market._side'::regtype, 'int4'::regtype]::oid[])
    UNION ALL
    SELECT
        ti.oid, ti.ns, ti.name, ti.kind, ti.basetype,
        ti.elemtype, ti.elemdelim, ti.range_subtype,
        ti.attrtypoids, ti.attrnames, tt.depth + 1
    FROM
            (
        SELECT
            t.oid                           AS oid,
            ns.nspname                      AS ns,
            t.typname                       AS name,
            t.typtype                       AS kind,
            (CASE WHEN t.typtype = 'd' THEN
                (WITH RECURSIVE typebases(oid, depth) AS (
                    SELECT
                        t2.typbasetype      AS oid,
                        0                   AS depth
                    FROM
                        pg_type t2
                    WHERE
                        t2.oid = t.oid
                    UNION ALL
                    SELECT
                        t2.typbasetype      AS oid,
                        tb.depth + 1        AS depth
                    FROM
                        pg_type t2,
                        typebases tb
                    WHERE
                       tb.oid = t2.oid
                       AND t2.typbasetype != 0
               ) SELECT oid FROM typebases ORDER BY depth DESC LIMIT 1)
               ELSE NULL
            END)                            AS basetype,
            t.typelem                       AS elemtype,
            elem_t.typdelim                 AS elemdelim,
            COALESCE(
                range_t.rngsubtype,
                multirange_t.rngsubtype)    AS range_subtype,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.atttypid ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)
                ELSE NULL
            END)                            AS attrtypoids,
            (CASE WHEN t.typtype = 'c' THEN
                (SELECT
                    array_agg(ia.attname::text ORDER BY ia.attnum)
                FROM
                    pg_attribute ia
                    INNER JOIN pg_class c
                        ON (ia.attrelid = c.oid)
                WHERE
                    ia.attnum > 0 AND NOT ia.attisdropped
                    AND c.reltype = t.oid)
                ELSE NULL
            END)                            AS attrnames
        FROM
            pg_catalog.pg_type AS t
            INNER JOIN pg_catalog.pg_namespace ns ON (
                ns.oid = t.typnamespace)
            LEFT JOIN pg_type elem_t ON (
                t.typlen = -1 AND
                t.typelem != 0 AND
                t.typelem = elem_t.oid
            )
            LEFT JOIN pg_range range_t ON (
                t.oid = range_t.rngtypid
            )
            LEFT JOIN pg_range multirange_t ON (
                t.oid = multirange_t.rngmultitypid
            )
    )
 ti,
        typeinfo_tree tt
    WHERE
        (tt.elemtype IS NOT NULL AND ti.oid = tt.elemtype)
        OR (tt.attrtypoids IS NOT NULL AND ti.oid = any(tt.attrtypoids))
        OR (tt.range_subtype IS NOT NULL AND ti.oid = tt.range_subtype)
        OR (tt.basetype IS NOT NULL AND ti.oid = tt.basetype)
)
SELECT DISTINCT
    *,
    basetype::regtype::text AS basetype_name,
    elemtype::regtype::text AS elemtype_name,
    range_subtype::regtype::text AS range_subtype_name
FROM
    typeinfo_tree
ORDER BY
    depth DESC;
--> oid | ns | name | kind | basetype | elemtype | elemdelim | range_subtype | attrtypoids | attrnames | depth | basetype_name | elemtype_name | range_subtype_name
--> 1700 | pg_catalog | numeric | b | NULL | 0 | NULL | NULL | NULL | NULL | 1 | NULL | - | NULL
--> # | market | side | e | NULL | 0 | NULL | NULL | NULL | NULL | 1 | NULL | - | NULL
--> # | market | side | e | NULL | 0 | NULL | NULL | NULL | NULL | 0 | NULL | - | NULL
--> # | market | _side | b | NULL | # | , | NULL | NULL | NULL | 0 | NULL | side | NULL
--> 23 | pg_catalog | int4 | b | NULL | 0 | NULL | NULL | NULL | NULL | 0 | NULL | - | NULL
--> # | market | positive | d | 1700 | 0 | NULL | NULL | NULL | NULL | 0 | numeric | - | NULL
--~> oid | ns | name | kind | basetype | elemtype | elemdelim | range_subtype | attrtypoids | attrnames | depth | basetype_name | elemtype_name | range_subtype_name
--~> 1700 | pg_catalog | numeric | b | NULL | 0 | NULL | NULL | NULL | NULL | 1 | NULL | - | NULL
--~> # | market | side | e | NULL | 0 | NULL | NULL | NULL | NULL | 1 | NULL | - | NULL
--~> 23 | pg_catalog | int4 | b | NULL | 0 | NULL | NULL | NULL | NULL | 0 | NULL | - | NULL
--~> # | market | positive | d | 1700 | 0 | NULL | NULL | NULL | NULL | 0 | numeric | - | NULL
--~> # | market | side | e | NULL | 0 | NULL | NULL | NULL | NULL | 0 | NULL | - | NULL
--~> # | market | _side | b | NULL | # | , | NULL | NULL | NULL | 0 | NULL | side | NULL

SELECT typname AS name, oid, typarray AS array_oid, oid::regtype::text AS regtype, typdelim AS delimiter FROM pg_type t WHERE t.oid = to_regtype('side') ORDER BY t.oid;
--> name | oid | array_oid | regtype | delimiter
--> side | # | # | side | ,

SET search_path = public;

DROP SCHEMA market CASCADE;
