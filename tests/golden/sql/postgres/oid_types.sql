-- Object identifiers by name
-- oracle: postgres
-- chapter: types

CREATE TABLE named (id INTEGER);

SELECT 'named'::regclass AS c, 'named'::regclass::text AS t, 'nowhere'::regclass;
--! 42P01: relation "nowhere" does not exist

SELECT to_regclass('named') AS c, to_regclass('nowhere') AS n, to_regtype('integer') AS t, to_regtype('nothing') AS m;
--> c | n | t | m
--> named | NULL | integer | NULL

SELECT 'integer'::regtype AS t, 'int8'::regtype AS i, 'varchar'::regtype AS v, 'timestamptz'::regtype AS z, 'int4[]'::regtype AS a;
--> t | i | v | z | a
--> integer | bigint | character varying | timestamp with time zone | integer[]

SELECT 'nothing'::regtype;
--! 42704: type "nothing" does not exist

SELECT 23::regtype AS by_number, 'integer'::regtype::oid AS number, format_type(1043, 14) AS f;
--> by_number | number | f
--> integer | 23 | character varying(10)

SELECT 'upper(text)'::regprocedure AS p;
--> p
--> upper(text)
--~> p
--~> upper

SELECT pg_typeof('named'::regclass) AS t, 'pg_class'::regclass::oid AS number;
--> t | number
--> regclass | 1259

SELECT 4294967295::oid AS top, (-1)::oid AS wraps, 4294967296::oid;
--! 22003: OID out of range
