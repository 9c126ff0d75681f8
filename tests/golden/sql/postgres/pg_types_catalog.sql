-- pg_type and pg_enum
-- oracle: postgres
-- chapter: catalogs

SELECT typname, typlen, typtype, typcategory FROM pg_type WHERE typname IN ('int4', 'text', 'bool', 'numeric', '_int4', 'timestamptz', 'jsonb', 'uuid') ORDER BY typname;
--> typname | typlen | typtype | typcategory
--> _int4 | -1 | b | A
--> bool | 1 | b | B
--> int4 | 4 | b | N
--> jsonb | -1 | b | U
--> numeric | -1 | b | N
--> text | -1 | b | S
--> timestamptz | 8 | b | D
--> uuid | 16 | b | U

CREATE TYPE side AS ENUM ('buy', 'sell');

SELECT enumlabel, enumsortorder FROM pg_enum WHERE enumtypid = 'side'::regtype ORDER BY enumsortorder;
--> enumlabel | enumsortorder
--> buy | 1
--> sell | 2

SELECT typname, typtype, typcategory FROM pg_type WHERE oid = 'side'::regtype;
--> typname | typtype | typcategory
--> side | e | E

CREATE DOMAIN positive AS INTEGER NOT NULL CHECK (VALUE > 0);

SELECT typname, typtype, typnotnull, typbasetype::regtype FROM pg_type WHERE typname = 'positive';
--> typname | typtype | typnotnull | typbasetype
--> positive | d | t | integer

SELECT format_type('numeric'::regtype, 655366) AS n, format_type('varchar'::regtype, 24) AS v, format_type('timestamptz'::regtype, 3) AS z, format_type('_text'::regtype, NULL) AS a, format_type(0, NULL) AS none;
--> n | v | z | a | none
--> numeric(10,2) | character varying(20) | timestamp(3) with time zone | text[] | -

SELECT oid, typname FROM pg_type WHERE oid IN (16, 20, 23, 25, 701, 1184) ORDER BY oid;
--> oid | typname
--> 16 | bool
--> 20 | int8
--> 23 | int4
--> 25 | text
--> 701 | float8
--> 1184 | timestamptz

SELECT proname, pronargs FROM pg_proc WHERE proname = 'nullif' OR oid = 'upper(text)'::regprocedure;
--> proname | pronargs
--> upper | 1
