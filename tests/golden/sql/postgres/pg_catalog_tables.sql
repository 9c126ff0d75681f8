-- pg_class, pg_attribute, pg_index, pg_constraint
-- oracle: postgres
-- chapter: catalogs

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x', b NUMERIC(5,1) NOT NULL, CHECK (b > 0));

CREATE INDEX t_ab ON t (a, b DESC);

CREATE UNIQUE INDEX t_lower ON t (lower(a)) WHERE b > 1;

SELECT relname, relkind, relnatts, relhasindex FROM pg_class WHERE relname IN ('t', 't_ab', 't_pkey', 't_lower') AND relnamespace = current_schema()::regnamespace ORDER BY relname;
--> relname | relkind | relnatts | relhasindex
--> t | r | 3 | t
--> t_ab | i | 2 | f
--> t_lower | i | 1 | f
--> t_pkey | i | 1 | f

SELECT attname, format_type(atttypid, atttypmod), attnotnull, atthasdef, attnum FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
--> attname | format_type | attnotnull | atthasdef | attnum
--> id | integer | t | f | 1
--> a | text | f | t | 2
--> b | numeric(5,1) | t | f | 3

SELECT adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 't'::regclass;
--> adnum | pg_get_expr
--> 2 | 'x'::text

SELECT indexrelid::regclass::text, indisunique, indisprimary, indkey FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1;
--> indexrelid | indisunique | indisprimary | indkey
--> t_ab | f | f | 2 3
--> t_lower | t | f | 0
--> t_pkey | t | t | 1

SELECT pg_get_indexdef('t_ab'::regclass, 2, true) AS second, pg_get_indexdef('t_lower'::regclass, 1, true) AS expression;
--> second | expression
--> b | lower(a)

SELECT conname, contype, conkey, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass ORDER BY conname;
--> conname | contype | conkey | pg_get_constraintdef
--> t_b_check | c | {3} | CHECK ((b > (0)::numeric))
--> t_pkey | p | {1} | PRIMARY KEY (id)

SELECT pg_table_is_visible('t'::regclass) AS visible, 't'::regclass::oid = (SELECT oid FROM pg_class WHERE relname = 't' AND relnamespace = current_schema()::regnamespace) AS same;
--> visible | same
--> t | t

CREATE VIEW v AS SELECT id, a FROM t WHERE b > 1;

SELECT viewname FROM pg_views WHERE schemaname = current_schema();
--> viewname
--> v

ALTER TABLE t DROP COLUMN a;
--! 2BP01: cannot drop column a of table t because other objects depend on it
--~

SELECT attname, attnum FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;
--> attname | attnum
--> id | 1
--> a | 2
--> b | 3
--~> attname | attnum
--~> id | 1
--~> b | 2
