-- Columns of every type, stored and read again
-- oracle: postgres
-- chapter: types

CREATE TABLE every (s SMALLINT, i INTEGER, b BIGINT, r REAL, d DOUBLE PRECISION, n NUMERIC, m NUMERIC(8,3), t TEXT, v VARCHAR(10), c CHAR(3), y BYTEA, o BOOLEAN, da DATE, ti TIME, ts TIMESTAMP, tz TIMESTAMPTZ, iv INTERVAL, u UUID, j JSON, jb JSONB, a INTEGER[], ta TEXT[]);

INSERT INTO every VALUES (-1, 2, 3, 1.5, 2.25, 1.10, 1.5, 'text', 'var', 'c', '\x0102', true, '2024-02-29', '10:11:12.5', '2024-02-29 10:11:12.123456', '2024-02-29 10:11:12+02', '1 mon 2 days 03:00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"b": 1,"a":2}', '{"b": 1,"a":2}', '{1,NULL}', '{"a b",""}');

INSERT INTO every DEFAULT VALUES;

SELECT s, i, b, r, d, n, m, t, v, c FROM every ORDER BY s;
--> s | i | b | r | d | n | m | t | v | c
--> -1 | 2 | 3 | 1.5 | 2.25 | 1.10 | 1.500 | text | var | c
--> NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL

SELECT y, o, da, ti, ts, tz, iv FROM every ORDER BY s;
--> y | o | da | ti | ts | tz | iv
--> \x0102 | t | 2024-02-29 | 10:11:12.5 | 2024-02-29 10:11:12.123456 | 2024-02-29 08:11:12+00 | 1 mon 2 days 03:00:00
--> NULL | NULL | NULL | NULL | NULL | NULL | NULL

SELECT u, j, jb, a, ta FROM every ORDER BY s;
--> u | j | jb | a | ta
--> a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | {"b": 1,"a":2} | {"a": 2, "b": 1} | {1,NULL} | {"a b",""}
--> NULL | NULL | NULL | NULL | NULL

SELECT count(*) FROM every WHERE n = 1.1 AND m = 1.5 AND c = 'c' AND da > '2024-02-28' AND iv < '2 mons' AND jb = '{"a":2,"b":1}' AND a[1] = 1;
--> count
--> 1

SELECT count(*) FROM every WHERE j = '{}';
--! 42883: operator does not exist: json = unknown

SELECT column_name, data_type, udt_name FROM information_schema.columns WHERE table_name = 'every' AND table_schema = current_schema() ORDER BY ordinal_position;
--> column_name | data_type | udt_name
--> s | smallint | int2
--> i | integer | int4
--> b | bigint | int8
--> r | real | float4
--> d | double precision | float8
--> n | numeric | numeric
--> m | numeric | numeric
--> t | text | text
--> v | character varying | varchar
--> c | character | bpchar
--> y | bytea | bytea
--> o | boolean | bool
--> da | date | date
--> ti | time without time zone | time
--> ts | timestamp without time zone | timestamp
--> tz | timestamp with time zone | timestamptz
--> iv | interval | interval
--> u | uuid | uuid
--> j | json | json
--> jb | jsonb | jsonb
--> a | ARRAY | _int4
--> ta | ARRAY | _text

CREATE INDEX ON every (n, ts);

CREATE INDEX ON every (j);
--! 42704: data type json has no default operator class for access method "btree"

SELECT DISTINCT jb, a FROM every ORDER BY 1;
--> jb | a
--> {"a": 2, "b": 1} | {1,NULL}
--> NULL | NULL

SELECT DISTINCT j FROM every;
--! 42883: could not identify an equality operator for type json
