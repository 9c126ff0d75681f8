-- Records what PostgreSQL's catalogs say of PostgreSQL itself, for those that Bourse computes:
--   cd crates/bourse-sql/data && psql -X -q -f record.sql
-- in a new database of PostgreSQL 15. Each file is what COPY writes.

-- Relations and their columns; those of a view of the server that Bourse lacks have no rows.
\copy (SELECT n.nspname, c.relname, c.oid, c.relkind, CASE WHEN c.relkind = 'r' THEN c.reltype ELSE 0 END, array_to_string(ARRAY(SELECT a.attname || ' ' || t.typname || CASE WHEN a.attnotnull THEN ' !' ELSE '' END FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum), ',') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v') AND c.oid < 16384 AND n.nspname IN ('pg_catalog', 'information_schema') ORDER BY 1, 2) TO 'relations.tsv'
-- Types, but for the arrays of catalogs' rows.
\copy (SELECT t.* FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.oid < 16384 AND COALESCE(e.typrelid, 0) = 0 AND (t.typrelid = 0 OR c.relkind = 'r' AND c.relnamespace = 11) ORDER BY t.oid) TO 'pg_type.tsv'
\copy (SELECT oid, proname, prokind, prosecdef, proisstrict, proretset, provolatile, pronargs, pronargdefaults, prorettype::oid, proargtypes, provariadic, proallargtypes, proargmodes, proargnames FROM pg_proc WHERE oid < 16384 AND pronamespace = 11 ORDER BY oid) TO 'pg_proc.tsv'
\copy (SELECT * FROM pg_am WHERE amname IN ('heap', 'btree', 'hash') ORDER BY oid) TO 'pg_am.tsv'
\copy (SELECT * FROM pg_opclass WHERE opcmethod IN (403, 405) AND oid < 16384 ORDER BY oid) TO 'pg_opclass.tsv'
\copy (SELECT * FROM pg_opfamily WHERE opfmethod IN (403, 405) AND oid < 16384 ORDER BY oid) TO 'pg_opfamily.tsv'
\copy (SELECT oid, oprname, oprnamespace, oprowner, oprkind, oprcanmerge, oprcanhash, oprleft, oprright, oprresult, oprcom, oprnegate, oprcode::oid, oprrest, oprjoin FROM pg_operator WHERE oid < 16384 ORDER BY oid) TO 'pg_operator.tsv'
\copy (SELECT * FROM pg_cast WHERE oid < 16384 ORDER BY oid) TO 'pg_cast.tsv'
\copy (SELECT * FROM pg_range WHERE rngtypid < 16384 ORDER BY rngtypid) TO 'pg_range.tsv'
\copy (SELECT * FROM pg_collation WHERE collname IN ('default', 'C', 'POSIX', 'ucs_basic') ORDER BY oid) TO 'pg_collation.tsv'
\copy (SELECT * FROM pg_language WHERE lanname IN ('internal', 'c', 'sql') ORDER BY oid) TO 'pg_language.tsv'
\copy (SELECT aggfnoid::oid, aggkind, aggnumdirectargs, aggtransfn::oid, aggfinalfn::oid, aggcombinefn::oid, aggserialfn::oid, aggdeserialfn::oid, aggmtransfn::oid, aggminvtransfn::oid, aggmfinalfn::oid, aggfinalextra, aggmfinalextra, aggfinalmodify, aggmfinalmodify, aggsortop, aggtranstype, aggtransspace, aggmtranstype, aggmtransspace, agginitval, aggminitval FROM pg_aggregate WHERE aggfnoid::oid < 16384 ORDER BY aggfnoid::oid) TO 'pg_aggregate.tsv'
\copy (SELECT * FROM pg_tablespace ORDER BY oid) TO 'pg_tablespace.tsv'
\copy (SELECT * FROM pg_get_keywords()) TO 'keywords.tsv'
