-- What describes the store knows a session's temporary tables by their names alone
-- oracle: postgres
-- chapter: catalogs

CREATE TABLE kept (a INTEGER);

CREATE TEMPORARY TABLE mine (a INTEGER PRIMARY KEY, b TEXT);

SELECT relname, relpersistence, pg_table_is_visible(oid) FROM pg_class
WHERE relname IN ('kept', 'mine', 'mine_pkey') ORDER BY relname;
--> relname | relpersistence | pg_table_is_visible
--> kept | p | t
--> mine | t | t
--> mine_pkey | t | t

SELECT 'mine'::regclass;
--> regclass
--> mine

SELECT attname FROM pg_attribute WHERE attrelid = 'mine'::regclass AND attnum > 0 ORDER BY attnum;
--> attname
--> a
--> b

CREATE TEMPORARY TABLE kept (b INTEGER);

SELECT attname FROM pg_attribute WHERE attrelid = 'kept'::regclass AND attnum > 0;
--> attname
--> b

SELECT c.relname, c.relpersistence, pg_table_is_visible(c.oid) FROM pg_class c
WHERE c.relname = 'kept' ORDER BY c.relpersistence;
--> relname | relpersistence | pg_table_is_visible
--> kept | p | f
--> kept | t | t

SELECT current_schema() LIKE 'pg_temp%' AS temporary;
--> temporary
--> f

SELECT array_length(current_schemas(true), 1), array_length(current_schemas(false), 1);
--> array_length | array_length
--> 3 | 1

SELECT pg_get_serial_sequence('mine', 'a'), pg_get_serial_sequence('kept', 'b');
--> pg_get_serial_sequence | pg_get_serial_sequence
--> NULL | NULL

CREATE TEMPORARY TABLE counted (id SERIAL, a INTEGER);

INSERT INTO counted (a) VALUES (1), (2);

SELECT nextval('counted_id_seq'), currval('counted_id_seq');
--> nextval | currval
--> 3 | 3

SELECT nextval('counted_id_seq'::regclass);
--> nextval
--> 4

SELECT nextval('pg_temp.counted_id_seq');
--> nextval
--> 5
