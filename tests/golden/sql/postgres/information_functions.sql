-- Who, where, which
-- oracle: postgres
-- chapter: functions

SELECT current_user = session_user AS same, current_role = current_user AS role, user = current_user AS u;
--> same | role | u
--> t | t | t

SELECT current_schema() IS NOT NULL AS schema, current_schemas(true) && ARRAY['pg_catalog'::name] AS has_catalog;
--> schema | has_catalog
--> t | t

SELECT pg_typeof(current_user), pg_typeof(current_catalog), pg_typeof(version()), version() LIKE 'PostgreSQL 15%' AS v;
--> pg_typeof | pg_typeof | pg_typeof | v
--> name | name | text | t

SELECT current_database() = current_catalog AS db, pg_backend_pid() > 0 AS pid, pg_is_in_recovery() AS r;
--> db | pid | r
--> t | t | f

SELECT has_table_privilege('pg_class', 'SELECT') AS t, has_schema_privilege('pg_catalog', 'USAGE') AS s;
--> t | s
--> t | t

SELECT current_setting('server_version_num')::integer >= 150000 AS v, current_setting('no.such', true) AS missing;
--> v | missing
--> t | NULL

SELECT current_setting('no.such');
--! 42704: unrecognized configuration parameter "no.such"

SELECT set_config('my.value', 'x', false) AS s, current_setting('my.value') AS c;
--> s | c
--> x | x

SELECT obj_description('pg_class'::regclass, 'pg_class') IS NULL AS n, col_description(0, 1) AS c;
--> n | c
--> t | NULL

SELECT pg_get_userbyid(10) = current_user IS NOT NULL AS u, format_type(23, NULL) AS i;
--> u | i
--> t | integer

SELECT pg_column_size(1) AS four, pg_column_size('abc'::text) > 3 AS t, pg_size_pretty(10240::bigint) AS p, pg_size_pretty(123456789.5) AS n, pg_size_bytes('1 kB') AS b;
--> four | t | p | n | b
--> 4 | t | 10 kB | 118 MB | 1024

SELECT pg_input_is_valid('1', 'integer');
--! 42883: function pg_input_is_valid(unknown, unknown) does not exist
