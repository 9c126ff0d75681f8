-- What tools ask of pg_catalog: columns, indexes, constraints, by names alone
-- oracle: postgres
-- chapter: catalogs

CREATE TABLE desks (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, made TIMESTAMP DEFAULT '2024-01-01', rate NUMERIC(8,2));

CREATE TABLE books (id BIGINT PRIMARY KEY, desk INTEGER REFERENCES desks (id), CHECK (id > 0));

CREATE UNIQUE INDEX desks_name ON desks (lower(name));

CREATE INDEX books_desk ON books (desk DESC) WHERE desk > 5;

CREATE VIEW both_of_them AS SELECT d.name, b.id FROM desks d JOIN books b ON b.desk = d.id;

SELECT relname, relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() ORDER BY relname;
--> relname | relkind
--> books | r
--> books_desk | i
--> books_pkey | i
--> both_of_them | v
--> desks | r
--> desks_name | i
--> desks_pkey | i
--~> relname | relkind
--~> books | r
--~> books_desk | i
--~> books_desk_fkey_index | i
--~> books_pkey | i
--~> both_of_them | v
--~> desks | r
--~> desks_name | i
--~> desks_pkey | i

SELECT attname, format_type(atttypid, atttypmod) AS type, attnotnull, attnum FROM pg_attribute WHERE attrelid = 'desks'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
--> attname | type | attnotnull | attnum
--> id | integer | t | 1
--> name | character varying(20) | t | 2
--> made | timestamp without time zone | f | 3
--> rate | numeric(8,2) | f | 4

SELECT indexrelid::regclass AS index, indisunique, indisprimary, indnatts FROM pg_index WHERE indrelid IN ('desks'::regclass, 'books'::regclass) ORDER BY indexrelid::regclass::text;
--> index | indisunique | indisprimary | indnatts
--> books_desk | f | f | 1
--> books_pkey | t | t | 1
--> desks_name | t | f | 1
--> desks_pkey | t | t | 1
--~> index | indisunique | indisprimary | indnatts
--~> books_desk | f | f | 1
--~> books_desk_fkey_index | f | f | 1
--~> books_pkey | t | t | 1
--~> desks_name | t | f | 1
--~> desks_pkey | t | t | 1

SELECT conname, contype, conrelid::regclass AS of_table FROM pg_constraint WHERE conrelid IN ('desks'::regclass, 'books'::regclass) ORDER BY conname;
--> conname | contype | of_table
--> books_desk_fkey | f | books
--> books_id_check | c | books
--> books_pkey | p | books
--> desks_pkey | p | desks

SELECT conname, confrelid::regclass AS refers_to, conkey, confkey, confdeltype FROM pg_constraint WHERE contype = 'f' AND conrelid = 'books'::regclass;
--> conname | refers_to | conkey | confkey | confdeltype
--> books_desk_fkey | desks | {2} | {1} | a

SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid IN ('desks'::regclass, 'books'::regclass) ORDER BY conname;
--> conname | definition
--> books_desk_fkey | FOREIGN KEY (desk) REFERENCES desks(id)
--> books_id_check | CHECK ((id > 0))
--> books_pkey | PRIMARY KEY (id)
--> desks_pkey | PRIMARY KEY (id)

SELECT attname, pg_get_expr(adbin, adrelid) AS default FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = 'desks'::regclass;
--> attname | default
--> made | '2024-01-01 00:00:00'::timestamp without time zone

SELECT typname, typtype, typcategory, typlen FROM pg_type WHERE typname IN ('int4', 'text', 'numeric', 'bool', 'timestamp', '_int4') ORDER BY typname;
--> typname | typtype | typcategory | typlen
--> _int4 | b | A | -1
--> bool | b | B | 1
--> int4 | b | N | 4
--> numeric | b | N | -1
--> text | b | S | -1
--> timestamp | b | D | 8

SELECT format_type(23, NULL) AS integer, format_type(1043, 24) AS varchar, format_type(1700, 524294) AS numeric, format_type(1007, NULL) AS array;
--> integer | varchar | numeric | array
--> integer | character varying(20) | numeric(8,2) | integer[]

SELECT tablename, hasindexes FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename;
--> tablename | hasindexes
--> books | t
--> desks | t

SELECT viewname FROM pg_views WHERE schemaname = current_schema();
--> viewname
--> both_of_them

SELECT 'desks'::regclass::text AS name, 'integer'::regtype AS type;
--> name | type
--> desks | integer

SELECT to_regclass('nowhere') IS NULL AS none, to_regclass('desks') IS NOT NULL AS there, to_regtype('no_such') IS NULL AS no_type;
--> none | there | no_type
--> t | t | t

SELECT 'nowhere'::regclass;
--! 42P01: relation "nowhere" does not exist

SELECT 'no_such'::regtype;
--! 42704: type "no_such" does not exist

SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = 'books'::regclass AND i.indisprimary;
--> attname
--> id

SELECT pg_get_viewdef('both_of_them'::regclass) IS NOT NULL AS has_definition, obj_description('desks'::regclass) AS comment, col_description('desks'::regclass, 1) AS column_comment;
--> has_definition | comment | column_comment
--> t | NULL | NULL

SELECT current_schema() IS NOT NULL AS schema, current_database() IS NOT NULL AS database, pg_table_is_visible('desks'::regclass) AS visible, has_table_privilege('desks', 'SELECT') AS may;
--> schema | database | visible | may
--> t | t | t | t
