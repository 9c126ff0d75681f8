-- Views of pg_catalog and information_schema, as queries of the relations below them. Each stands
-- behind a line of two dashes, its schema and its name, and has the columns that relations.tsv names.

-- pg_catalog.pg_tables
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), t.spcname, c.relhasindex, c.relhasrules,
  c.relhastriggers, c.relrowsecurity
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p')

-- pg_catalog.pg_views
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), pg_get_viewdef(c.oid)
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v'

-- pg_catalog.pg_matviews
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), t.spcname, c.relhasindex,
  c.relispopulated, pg_get_viewdef(c.oid)
FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind = 'm'

-- pg_catalog.pg_indexes
SELECT n.nspname, c.relname, i.relname, t.spcname, pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_tablespace t ON t.oid = i.reltablespace
WHERE c.relkind IN ('r', 'm', 'p') AND i.relkind IN ('i', 'I')

-- pg_catalog.pg_sequences
SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), s.seqtypid::regtype, s.seqstart,
  s.seqmin, s.seqmax, s.seqincrement, s.seqcycle, s.seqcache, pg_sequence_last_value(c.oid)
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace

-- pg_catalog.pg_roles
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
  rolconnlimit, '********'::text, rolvaliduntil, rolbypassrls, NULL::text[], oid
FROM pg_authid

-- pg_catalog.pg_shadow
SELECT rolname, oid, rolcreatedb, rolsuper, rolreplication, rolbypassrls, rolpassword,
  rolvaliduntil, NULL::text[]
FROM pg_authid WHERE rolcanlogin

-- pg_catalog.pg_user
SELECT rolname, oid, rolcreatedb, rolsuper, rolreplication, rolbypassrls, '********'::text,
  rolvaliduntil, NULL::text[]
FROM pg_authid WHERE rolcanlogin

-- pg_catalog.pg_group
SELECT rolname, oid, ARRAY(SELECT m.member FROM pg_auth_members m WHERE m.roleid = r.oid)
FROM pg_authid r WHERE NOT rolcanlogin

-- pg_catalog.pg_stat_user_tables
SELECT * FROM pg_stat_all_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- pg_catalog.pg_stat_user_indexes
SELECT * FROM pg_stat_all_indexes
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- pg_catalog.pg_statio_user_tables
SELECT * FROM pg_statio_all_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- information_schema.information_schema_catalog_name
SELECT current_database()

-- information_schema.schemata
SELECT current_database(), n.nspname, r.rolname, NULL::name, NULL::name, NULL::name, NULL::varchar
FROM pg_namespace n JOIN pg_authid r ON r.oid = n.nspowner

-- information_schema.tables
SELECT current_database(), n.nspname, c.relname,
  (CASE WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'f' THEN 'FOREIGN'
    WHEN c.relpersistence = 't' THEN 'LOCAL TEMPORARY' ELSE 'BASE TABLE' END)::varchar,
  NULL::name, NULL::varchar, NULL::name, NULL::name, NULL::name,
  (CASE WHEN c.relkind IN ('r', 'p') THEN 'YES' ELSE 'NO' END)::varchar, 'NO'::varchar,
  NULL::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'f', 'p')

-- information_schema.columns
SELECT current_database(), nc.nspname, c.relname, a.attname, a.attnum::int4,
  (CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END)::varchar,
  (CASE WHEN a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) THEN 'NO' ELSE 'YES' END)::varchar,
  (CASE WHEN t.typtype = 'd' THEN
      CASE WHEN bt.typelem <> 0 AND bt.typlen = -1 THEN 'ARRAY'
        WHEN nbt.nspname = 'pg_catalog' THEN format_type(t.typbasetype, NULL)
        ELSE 'USER-DEFINED' END
    ELSE
      CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY'
        WHEN nt.nspname = 'pg_catalog' THEN format_type(a.atttypid, NULL)
        ELSE 'USER-DEFINED' END
    END)::varchar,
  _pg_char_max_length(_pg_truetypid(a.atttypid), _pg_truetypmod(a.atttypid, a.atttypmod)),
  _pg_char_octet_length(_pg_truetypid(a.atttypid), _pg_truetypmod(a.atttypid, a.atttypmod)),
  _pg_numeric_precision(_pg_truetypid(a.atttypid), _pg_truetypmod(a.atttypid, a.atttypmod)),
  _pg_numeric_precision_radix(_pg_truetypid(a.atttypid), _pg_truetypmod(a.atttypid, a.atttypmod)),
  _pg_numeric_scale(_pg_truetypid(a.atttypid), _pg_truetypmod(a.atttypid, a.atttypmod)),
  _pg_datetime_precision(_pg_truetypid(a.atttypid), _pg_truetypmod(a.atttypid, a.atttypmod)),
  NULL::varchar, NULL::int4, NULL::name, NULL::name, NULL::name,
  CASE WHEN nco.nspname IS NOT NULL THEN current_database() END, nco.nspname, co.collname,
  CASE WHEN t.typtype = 'd' THEN current_database() END,
  CASE WHEN t.typtype = 'd' THEN nt.nspname END, CASE WHEN t.typtype = 'd' THEN t.typname END,
  current_database(), COALESCE(nbt.nspname, nt.nspname), COALESCE(bt.typname, t.typname),
  NULL::name, NULL::name, NULL::name, NULL::int4, a.attnum::text::name, 'NO'::varchar,
  (CASE WHEN a.attidentity IN ('a', 'd') THEN 'YES' ELSE 'NO' END)::varchar,
  (CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END)::varchar,
  seq.seqstart::varchar, seq.seqincrement::varchar, seq.seqmax::varchar, seq.seqmin::varchar,
  (CASE WHEN seq.seqcycle THEN 'YES' ELSE 'NO' END)::varchar,
  (CASE WHEN a.attgenerated <> '' THEN 'ALWAYS' ELSE 'NEVER' END)::varchar,
  (CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END)::varchar,
  (CASE WHEN c.relkind IN ('r', 'p') THEN 'YES' ELSE 'NO' END)::varchar
FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  JOIN pg_class c ON a.attrelid = c.oid
  JOIN pg_namespace nc ON c.relnamespace = nc.oid
  JOIN pg_type t ON a.atttypid = t.oid
  JOIN pg_namespace nt ON t.typnamespace = nt.oid
  LEFT JOIN pg_type bt ON t.typtype = 'd' AND t.typbasetype = bt.oid
  LEFT JOIN pg_namespace nbt ON bt.typnamespace = nbt.oid
  LEFT JOIN pg_collation co
    ON a.attcollation = co.oid AND (co.collnamespace, co.collname) <> (11::oid, 'default'::name)
  LEFT JOIN pg_namespace nco ON co.collnamespace = nco.oid
  LEFT JOIN (pg_depend dep
    JOIN pg_sequence seq ON dep.objid = seq.seqrelid AND dep.deptype = 'i')
    ON dep.classid = 'pg_class'::regclass AND dep.refclassid = 'pg_class'::regclass
      AND dep.refobjid = c.oid AND dep.refobjsubid = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'f', 'p')

-- information_schema.table_constraints
SELECT current_database(), nc.nspname, c.conname, current_database(), nr.nspname, r.relname,
  (CASE c.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY'
    WHEN 'u' THEN 'UNIQUE' END)::varchar,
  (CASE WHEN c.condeferrable THEN 'YES' ELSE 'NO' END)::varchar,
  (CASE WHEN c.condeferred THEN 'YES' ELSE 'NO' END)::varchar, 'YES'::varchar,
  (CASE WHEN c.contype = 'u' THEN 'YES' END)::varchar
FROM pg_constraint c JOIN pg_namespace nc ON nc.oid = c.connamespace
  JOIN pg_class r ON c.conrelid = r.oid JOIN pg_namespace nr ON nr.oid = r.relnamespace
WHERE c.contype IN ('c', 'f', 'p', 'u') AND r.relkind IN ('r', 'p')
UNION ALL
SELECT current_database(), nr.nspname,
  (nr.oid::text || '_' || r.oid::text || '_' || a.attnum::text || '_not_null')::name,
  current_database(), nr.nspname, r.relname, 'CHECK'::varchar, 'NO'::varchar, 'NO'::varchar,
  'YES'::varchar, NULL::varchar
FROM pg_class r JOIN pg_namespace nr ON nr.oid = r.relnamespace
  JOIN pg_attribute a ON r.oid = a.attrelid
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p')

-- information_schema.key_column_usage
SELECT current_database(), nc.nspname, c.conname, current_database(), nr.nspname, r.relname,
  a.attname, k.place::int4,
  CASE WHEN c.contype = 'f' THEN
    (SELECT array_position(i.indkey::int2[], c.confkey[k.place::int4]) + 1 FROM pg_index i
      WHERE i.indexrelid = c.conindid)
  END
FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (number, place)
  JOIN pg_namespace nc ON nc.oid = c.connamespace JOIN pg_class r ON r.oid = c.conrelid
  JOIN pg_namespace nr ON nr.oid = r.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
WHERE c.contype IN ('p', 'u', 'f') AND r.relkind IN ('r', 'p')

-- information_schema.constraint_column_usage
SELECT current_database(), nr.nspname, r.relname, a.attname, current_database(), nc.nspname,
  c.conname
FROM pg_constraint c
  CROSS JOIN LATERAL unnest(CASE WHEN c.contype = 'f' THEN c.confkey ELSE c.conkey END)
    AS k (number)
  JOIN pg_namespace nc ON nc.oid = c.connamespace
  JOIN pg_class r ON r.oid = CASE WHEN c.contype = 'f' THEN c.confrelid ELSE c.conrelid END
  JOIN pg_namespace nr ON nr.oid = r.relnamespace
  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.number
WHERE c.contype IN ('c', 'p', 'u', 'f') AND r.relkind IN ('r', 'p')

-- information_schema.constraint_table_usage
SELECT current_database(), nr.nspname, r.relname, current_database(), nc.nspname, c.conname
FROM pg_constraint c JOIN pg_namespace nc ON nc.oid = c.connamespace
  JOIN pg_class r ON r.oid = CASE WHEN c.contype = 'f' THEN c.confrelid ELSE c.conrelid END
  JOIN pg_namespace nr ON nr.oid = r.relnamespace
WHERE c.contype IN ('p', 'u', 'f') AND r.relkind IN ('r', 'p')

-- information_schema.referential_constraints
SELECT current_database(), ncon.nspname, con.conname,
  CASE WHEN npkc.nspname IS NOT NULL THEN current_database() END, npkc.nspname, pkc.conname,
  (CASE con.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' WHEN 's' THEN 'NONE'
    END)::varchar,
  (CASE con.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
    WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END)::varchar,
  (CASE con.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
    WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END)::varchar
FROM pg_constraint con JOIN pg_namespace ncon ON ncon.oid = con.connamespace
  LEFT JOIN pg_constraint pkc ON pkc.conrelid = con.confrelid AND pkc.conindid = con.conindid
    AND pkc.contype IN ('p', 'u')
  LEFT JOIN pg_namespace npkc ON pkc.connamespace = npkc.oid
WHERE con.contype = 'f'

-- information_schema.check_constraints
SELECT current_database(), rs.nspname, con.conname,
  substring(pg_get_constraintdef(con.oid) from 7)::varchar
FROM pg_constraint con JOIN pg_namespace rs ON rs.oid = con.connamespace
WHERE con.contype = 'c'
UNION ALL
SELECT current_database(), n.nspname,
  (n.oid::text || '_' || r.oid::text || '_' || a.attnum::text || '_not_null')::name,
  (a.attname || ' IS NOT NULL')::varchar
FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
  JOIN pg_attribute a ON r.oid = a.attrelid
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND r.relkind IN ('r', 'p')

-- information_schema.views
SELECT current_database(), n.nspname, c.relname, pg_get_viewdef(c.oid)::varchar, 'NONE'::varchar,
  'NO'::varchar, 'NO'::varchar, 'NO'::varchar, 'NO'::varchar, 'NO'::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v'

-- information_schema.view_table_usage
SELECT DISTINCT current_database(), nv.nspname, v.relname, current_database(), nt.nspname, t.relname
FROM pg_class v JOIN pg_namespace nv ON nv.oid = v.relnamespace
  JOIN pg_rewrite r ON r.ev_class = v.oid JOIN pg_depend d ON d.objid = r.oid AND d.deptype = 'n'
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace nt ON nt.oid = t.relnamespace
WHERE v.relkind = 'v'

-- information_schema.sequences
SELECT current_database(), n.nspname, c.relname, format_type(s.seqtypid, NULL)::varchar,
  _pg_numeric_precision(s.seqtypid, -1), 2, 0, s.seqstart::varchar, s.seqmin::varchar,
  s.seqmax::varchar, s.seqincrement::varchar,
  (CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END)::varchar
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace

-- information_schema.domains
SELECT current_database(), nt.nspname, t.typname,
  (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY'
    WHEN nbt.nspname = 'pg_catalog' THEN format_type(t.typbasetype, NULL)
    ELSE 'USER-DEFINED' END)::varchar,
  _pg_char_max_length(t.typbasetype, t.typtypmod),
  _pg_char_octet_length(t.typbasetype, t.typtypmod), NULL::name, NULL::name, NULL::name,
  CASE WHEN nco.nspname IS NOT NULL THEN current_database() END, nco.nspname, co.collname,
  _pg_numeric_precision(t.typbasetype, t.typtypmod),
  _pg_numeric_precision_radix(t.typbasetype, t.typtypmod),
  _pg_numeric_scale(t.typbasetype, t.typtypmod),
  _pg_datetime_precision(t.typbasetype, t.typtypmod), NULL::varchar, NULL::int4,
  t.typdefault::varchar, current_database(), nbt.nspname, bt.typname, NULL::name, NULL::name,
  NULL::name, NULL::int4, '1'::name
FROM pg_type t JOIN pg_namespace nt ON t.typnamespace = nt.oid
  JOIN pg_type bt ON bt.oid = t.typbasetype JOIN pg_namespace nbt ON bt.typnamespace = nbt.oid
  LEFT JOIN pg_collation co
    ON t.typcollation = co.oid AND (co.collnamespace, co.collname) <> (11::oid, 'default'::name)
  LEFT JOIN pg_namespace nco ON co.collnamespace = nco.oid
WHERE t.typtype = 'd'

-- information_schema.domain_constraints
SELECT current_database(), rs.nspname, con.conname, current_database(), n.nspname, t.typname,
  'NO'::varchar, 'NO'::varchar
FROM pg_constraint con JOIN pg_namespace rs ON rs.oid = con.connamespace
  JOIN pg_type t ON t.oid = con.contypid JOIN pg_namespace n ON n.oid = t.typnamespace

-- information_schema.enabled_roles
SELECT rolname FROM pg_authid

-- information_schema.applicable_roles
SELECT m.rolname, r.rolname, (CASE WHEN a.admin_option THEN 'YES' ELSE 'NO' END)::varchar
FROM pg_auth_members a JOIN pg_authid m ON m.oid = a.member JOIN pg_authid r ON r.oid = a.roleid

-- information_schema.character_sets
SELECT NULL::name, NULL::name, 'UTF8'::name, 'UCS'::name, 'UTF8'::name, current_database(),
  'pg_catalog'::name, 'default'::name

-- information_schema.collations
SELECT current_database(), n.nspname, c.collname, 'NO PAD'::varchar
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace

-- information_schema.table_privileges
SELECT r.rolname, r.rolname, current_database(), n.nspname, c.relname, p.privilege::varchar,
  'YES'::varchar, (CASE WHEN p.privilege = 'SELECT' THEN 'YES' ELSE 'NO' END)::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_authid r ON r.oid = c.relowner
  CROSS JOIN (VALUES ('INSERT'), ('SELECT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'),
    ('TRIGGER')) AS p (privilege)
WHERE c.relkind IN ('r', 'v', 'f', 'p')

-- information_schema.role_table_grants
SELECT * FROM information_schema.table_privileges

-- information_schema.column_privileges
SELECT r.rolname, r.rolname, current_database(), n.nspname, c.relname, a.attname,
  p.privilege::varchar, 'YES'::varchar
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_authid r ON r.oid = c.relowner
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  CROSS JOIN (VALUES ('INSERT'), ('SELECT'), ('UPDATE'), ('REFERENCES')) AS p (privilege)
WHERE c.relkind IN ('r', 'v', 'f', 'p')

-- information_schema.column_domain_usage
SELECT current_database(), nt.nspname, t.typname, current_database(), nc.nspname, c.relname,
  a.attname
FROM pg_type t JOIN pg_namespace nt ON t.typnamespace = nt.oid
  JOIN pg_attribute a ON a.atttypid = t.oid JOIN pg_class c ON a.attrelid = c.oid
  JOIN pg_namespace nc ON c.relnamespace = nc.oid
WHERE t.typtype = 'd' AND a.attnum > 0 AND c.relkind IN ('r', 'v', 'f', 'p')

-- information_schema.routines
SELECT current_database(), n.nspname, (p.proname || '_' || p.oid::text)::name, current_database(),
  n.nspname, p.proname, 'FUNCTION'::varchar, NULL::name, NULL::name, NULL::name, NULL::name,
  NULL::name, NULL::name,
  (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' ELSE format_type(t.oid, NULL) END)::varchar,
  NULL::int4, NULL::int4, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name,
  NULL::int4, NULL::int4, NULL::int4, NULL::int4, NULL::varchar, NULL::int4, current_database(),
  'pg_catalog'::name, t.typname, NULL::name, NULL::name, NULL::name, NULL::int4, '0'::name,
  'EXTERNAL'::varchar, NULL::varchar, p.prosrc::varchar, 'INTERNAL'::varchar, 'GENERAL'::varchar,
  (CASE WHEN p.provolatile = 'i' THEN 'YES' ELSE 'NO' END)::varchar, 'MODIFIES'::varchar,
  (CASE WHEN p.proisstrict THEN 'YES' ELSE 'NO' END)::varchar, NULL::varchar, 'YES'::varchar, 0,
  NULL::varchar, NULL::varchar, 'INVOKER'::varchar, NULL::name, NULL::name, NULL::name,
  'NO'::varchar, NULL::timestamptz, NULL::timestamptz, NULL::varchar, 'NO'::varchar, NULL::varchar,
  NULL::varchar, NULL::int4, NULL::int4, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name,
  NULL::name, NULL::int4, NULL::int4, NULL::int4, NULL::int4, NULL::varchar, NULL::int4, NULL::name,
  NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::int4, NULL::name
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_type t ON t.oid = p.prorettype
WHERE p.prokind = 'f'

-- information_schema.parameters
SELECT current_database(), n.nspname, (p.proname || '_' || p.oid::text)::name, a.place::int4,
  'IN'::varchar, 'NO'::varchar, 'NO'::varchar, nullif(p.proargnames[a.place::int4], '')::name,
  (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' ELSE format_type(t.oid, NULL) END)::varchar,
  NULL::int4, NULL::int4, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name, NULL::name,
  NULL::int4, NULL::int4, NULL::int4, NULL::int4, NULL::varchar, NULL::int4, current_database(),
  'pg_catalog'::name, t.typname, NULL::name, NULL::name, NULL::name, NULL::int4,
  a.place::text::name, NULL::varchar
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  CROSS JOIN LATERAL unnest(p.proargtypes) WITH ORDINALITY AS a (number, place)
  JOIN pg_type t ON t.oid = a.number
