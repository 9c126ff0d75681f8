-- What tools ask of information_schema: tables, columns, keys, references
-- oracle: postgres
-- chapter: catalogs

CREATE TABLE desks (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE);

CREATE TABLE books (desk INTEGER REFERENCES desks ON DELETE CASCADE, code CHAR(3), size NUMERIC(8,2) DEFAULT 0, made TIMESTAMP, tags TEXT[], open BOOLEAN DEFAULT true, PRIMARY KEY (desk, code), CONSTRAINT positive CHECK (size >= 0));

CREATE VIEW large AS SELECT desk, code FROM books WHERE size > 100;

CREATE SEQUENCE numbers INCREMENT 5;

SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name;
--> table_name | table_type
--> books | BASE TABLE
--> desks | BASE TABLE
--> large | VIEW

SELECT column_name, ordinal_position AS n, is_nullable, data_type, character_maximum_length AS length, numeric_precision AS precision, numeric_scale AS scale FROM information_schema.columns WHERE table_name = 'books' AND table_schema = current_schema() ORDER BY ordinal_position;
--> column_name | n | is_nullable | data_type | length | precision | scale
--> desk | 1 | NO | integer | NULL | 32 | 0
--> code | 2 | NO | character | 3 | NULL | NULL
--> size | 3 | YES | numeric | NULL | 8 | 2
--> made | 4 | YES | timestamp without time zone | NULL | NULL | NULL
--> tags | 5 | YES | ARRAY | NULL | NULL | NULL
--> open | 6 | YES | boolean | NULL | NULL | NULL

SELECT column_name, column_default FROM information_schema.columns WHERE table_name = 'books' AND column_default IS NOT NULL ORDER BY 1;
--> column_name | column_default
--> open | true
--> size | 0

SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND data_type = 'integer' ORDER BY 1, 2;
--> table_name | column_name
--> books | desk
--> desks | id
--> large | desk

SELECT constraint_name, table_name, constraint_type FROM information_schema.table_constraints WHERE table_schema = current_schema() AND constraint_type <> 'CHECK' ORDER BY 1;
--> constraint_name | table_name | constraint_type
--> books_desk_fkey | books | FOREIGN KEY
--> books_pkey | books | PRIMARY KEY
--> desks_name_key | desks | UNIQUE
--> desks_pkey | desks | PRIMARY KEY

SELECT constraint_name, column_name, ordinal_position FROM information_schema.key_column_usage WHERE table_schema = current_schema() ORDER BY 1, 3;
--> constraint_name | column_name | ordinal_position
--> books_desk_fkey | desk | 1
--> books_pkey | desk | 1
--> books_pkey | code | 2
--> desks_name_key | name | 1
--> desks_pkey | id | 1

SELECT constraint_name, unique_constraint_name, update_rule, delete_rule FROM information_schema.referential_constraints WHERE constraint_schema = current_schema();
--> constraint_name | unique_constraint_name | update_rule | delete_rule
--> books_desk_fkey | desks_pkey | NO ACTION | CASCADE

SELECT k.table_name, k.column_name, c.table_name AS refers_to, c.column_name AS refers_to_column FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r USING (constraint_name) JOIN information_schema.constraint_column_usage c ON c.constraint_name = r.constraint_name WHERE k.table_schema = current_schema();
--> table_name | column_name | refers_to | refers_to_column
--> books | desk | desks | id

SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_name = 'positive';
--> constraint_name | check_clause
--> positive | ((size >= (0)::numeric))

SELECT table_name, is_updatable FROM information_schema.views WHERE table_schema = current_schema();
--> table_name | is_updatable
--> large | YES
--~> table_name | is_updatable
--~> large | NO

SELECT sequence_name, data_type, increment FROM information_schema.sequences WHERE sequence_schema = current_schema();
--> sequence_name | data_type | increment
--> numbers | bigint | 5

SELECT count(*) AS columns FROM information_schema.columns WHERE table_schema = current_schema();
--> columns
--> 10

SELECT table_name, string_agg(column_name, ',' ORDER BY ordinal_position) AS columns FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name ORDER BY table_name;
--> table_name | columns
--> books | desk,code,size,made,tags,open
--> desks | id,name
--> large | desk,code

ALTER TABLE books DROP COLUMN made;

SELECT column_name, ordinal_position FROM information_schema.columns WHERE table_name = 'books' AND table_schema = current_schema() ORDER BY 2;
--> column_name | ordinal_position
--> desk | 1
--> code | 2
--> size | 3
--> tags | 5
--> open | 6
--~> column_name | ordinal_position
--~> desk | 1
--~> code | 2
--~> size | 3
--~> tags | 4
--~> open | 5

SELECT EXISTS (SELECT FROM information_schema.tables WHERE table_name = 'nowhere') AS there, EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'desks' AND column_name = 'name') AS column_there;
--> there | column_there
--> f | t

SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('pg_catalog', 'information_schema') ORDER BY 1;
--> schema_name
--> information_schema
--> pg_catalog

SELECT udt_name, data_type FROM information_schema.columns WHERE table_name = 'books' AND table_schema = current_schema() ORDER BY ordinal_position;
--> udt_name | data_type
--> int4 | integer
--> bpchar | character
--> numeric | numeric
--> _text | ARRAY
--> bool | boolean
