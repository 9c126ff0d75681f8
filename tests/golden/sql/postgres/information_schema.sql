-- information_schema describes tables
-- oracle: postgres
-- chapter: catalogs

CREATE TABLE parent (id INTEGER PRIMARY KEY);

CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL DEFAULT 'x', price NUMERIC(10,2), at TIMESTAMPTZ, tags TEXT[], p INTEGER REFERENCES parent ON DELETE CASCADE, UNIQUE (name, price), CHECK (price > 0));

CREATE VIEW v AS SELECT id FROM t;

SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1;
--> table_name | table_type
--> parent | BASE TABLE
--> t | BASE TABLE
--> v | VIEW

SELECT column_name, data_type, is_nullable, column_default, character_maximum_length, numeric_precision, numeric_scale FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 't' ORDER BY ordinal_position;
--> column_name | data_type | is_nullable | column_default | character_maximum_length | numeric_precision | numeric_scale
--> id | integer | NO | NULL | NULL | 32 | 0
--> name | character varying | NO | 'x'::character varying | 20 | NULL | NULL
--> price | numeric | YES | NULL | NULL | 10 | 2
--> at | timestamp with time zone | YES | NULL | NULL | NULL | NULL
--> tags | ARRAY | YES | NULL | NULL | NULL | NULL
--> p | integer | YES | NULL | NULL | 32 | 0

SELECT constraint_name, constraint_type FROM information_schema.table_constraints WHERE table_schema = current_schema() AND table_name = 't' AND constraint_name NOT LIKE '%not_null' ORDER BY 1;
--> constraint_name | constraint_type
--> t_name_price_key | UNIQUE
--> t_p_fkey | FOREIGN KEY
--> t_pkey | PRIMARY KEY
--> t_price_check | CHECK

SELECT constraint_name, column_name, ordinal_position FROM information_schema.key_column_usage WHERE table_schema = current_schema() AND table_name = 't' ORDER BY 1, 3;
--> constraint_name | column_name | ordinal_position
--> t_name_price_key | name | 1
--> t_name_price_key | price | 2
--> t_p_fkey | p | 1
--> t_pkey | id | 1

SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints WHERE constraint_schema = current_schema();
--> constraint_name | unique_constraint_name | match_option | update_rule | delete_rule
--> t_p_fkey | parent_pkey | NONE | NO ACTION | CASCADE

SELECT table_name, is_updatable FROM information_schema.views WHERE table_schema = current_schema();
--> table_name | is_updatable
--> v | YES
--~> table_name | is_updatable
--~> v | NO

SELECT sequence_name FROM information_schema.sequences WHERE sequence_schema = current_schema();
--> sequence_name

SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('pg_catalog', 'information_schema') ORDER BY 1;
--> schema_name
--> information_schema
--> pg_catalog
