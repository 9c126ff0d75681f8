-- SET, SET LOCAL, RESET, SHOW and their transactions
-- oracle: postgres
-- chapter: sessions

SET statement_timeout = '5s';

SHOW statement_timeout;
--> statement_timeout
--> 5s

SET statement_timeout TO 90000;

SHOW statement_timeout;
--> statement_timeout
--> 90s

SET statement_timeout = -1;
--! 22023: -1 ms is outside the valid range for parameter "statement_timeout" (0 .. 2147483647)

SET statement_timeout = 'soon';
--! 22023: invalid value for parameter "statement_timeout": "soon"

SET statement_timeout TO 1, 2;
--! 22023: SET statement_timeout takes only one argument

RESET statement_timeout;

SHOW statement_timeout;
--> statement_timeout
--> 0

SET nothing = 1;
--! 42704: unrecognized configuration parameter "nothing"

SHOW nothing;
--! 42704: unrecognized configuration parameter "nothing"

RESET nothing;
--! 42704: unrecognized configuration parameter "nothing"

SET my.own = 'value';

SHOW my.own;
--> my.own
--> value

SELECT current_setting('my.own');
--> current_setting
--> value

SELECT current_setting('not.there');
--! 42704: unrecognized configuration parameter "not.there"

SELECT current_setting('not.there', true);
--> current_setting
--> NULL

SHOW server_encoding;
--> server_encoding
--> UTF8

SHOW integer_datetimes;
--> integer_datetimes
--> on

SHOW standard_conforming_strings;
--> standard_conforming_strings
--> on

SHOW transaction_isolation;
--> transaction_isolation
--> read committed

SHOW TRANSACTION ISOLATION LEVEL;
--> transaction_isolation
--> read committed

SHOW datestyle;
--> DateStyle
--> ISO, MDY

SET DateStyle = 'ISO, DMY';

SHOW DateStyle;
--> DateStyle
--> ISO, DMY

SELECT '01/02/2026'::date;
--> date
--> 2026-02-01

SET datestyle TO DEFAULT;

SET TIME ZONE 'Europe/Rome';

SHOW TIME ZONE;
--> TimeZone
--> Europe/Rome

SELECT (timestamptz '2026-01-01 00:00+00')::text AS instant;
--> instant
--> 2026-01-01 01:00:00+01

SET TIME ZONE -5;

SHOW timezone;
--> TimeZone
--> <-05>+05

SET timezone = 'UTC';

SET timezone = 'Nowhere/Land';
--! 22023: invalid value for parameter "TimeZone": "Nowhere/Land"

SET client_encoding = 'utf-8';

SHOW client_encoding;
--> client_encoding
--> UTF8

SET NAMES 'UTF8';

SET bytea_output = escape;

SELECT ('\x01ff41'::bytea)::text AS bytes;
--> bytes
--> \001\377A

SET bytea_output = 'other';
--! 22023: invalid value for parameter "bytea_output": "other"

SET server_version = '16';
--! 55P02: parameter "server_version" cannot be changed

SET max_connections = 7;
--! 55P02: parameter "max_connections" cannot be changed without restarting the server

SET extra_float_digits = 3;

SET extra_float_digits = 9;
--! 22023: 9 is outside the valid range for parameter "extra_float_digits" (-15 .. 3)

SET search_path TO golden, "Other", pg_catalog;

SHOW search_path;
--> search_path
--> golden, "Other", pg_catalog

SET search_path TO golden;

SET application_name = 'first';

BEGIN;

SET application_name = 'second';

ROLLBACK;

SHOW application_name;
--> application_name
--> first

BEGIN;

SET LOCAL application_name = 'local';

SHOW application_name;
--> application_name
--> local

COMMIT;

SHOW application_name;
--> application_name
--> first

BEGIN;

SET application_name = 'session';

SET LOCAL application_name = 'local';

SHOW application_name;
--> application_name
--> local

COMMIT;

SHOW application_name;
--> application_name
--> session

BEGIN;

SAVEPOINT s;

SET application_name = 'inner';

ROLLBACK TO s;

SHOW application_name;
--> application_name
--> session

SAVEPOINT s2;

SET LOCAL application_name = 'released';

RELEASE s2;

SHOW application_name;
--> application_name
--> released

COMMIT;

SHOW application_name;
--> application_name
--> session

SELECT set_config('application_name', 'function', false);
--> set_config
--> function

SHOW application_name;
--> application_name
--> function

BEGIN;

SELECT set_config('application_name', 'for now', true);
--> set_config
--> for now

SHOW application_name;
--> application_name
--> for now

ROLLBACK;

SHOW application_name;
--> application_name
--> function

SELECT set_config('work_mem', '8MB', false), current_setting('work_mem');
--> set_config | current_setting
--> 8MB | 8MB

SHOW work_mem;
--> work_mem
--> 8MB

SELECT set_config('work_mem', 'lots', false);
--! 22023: invalid value for parameter "work_mem": "lots"

RESET ALL;

SHOW work_mem;
--> work_mem
--> 4MB

SHOW my.own;
--> my.own
-->
