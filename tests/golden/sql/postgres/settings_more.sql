-- SET, SHOW and RESET
-- oracle: postgres
-- chapter: sessions

SHOW search_path_nothing;
--! 42704: unrecognized configuration parameter "search_path_nothing"

SET search_path_nothing = 1;
--! 42704: unrecognized configuration parameter "search_path_nothing"

SET statement_timeout = '5s';

SHOW statement_timeout;
--> statement_timeout
--> 5s

SET statement_timeout = 'x';
--! 22023: invalid value for parameter "statement_timeout": "x"

SET statement_timeout TO DEFAULT;

SHOW statement_timeout;
--> statement_timeout
--> 0

SET work_mem = '64MB';

SHOW work_mem;
--> work_mem
--> 64MB

SET work_mem = 1;
--! 22023: 1 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)

SET my.setting = 'value';

SHOW my.setting;
--> my.setting
--> value

SELECT current_setting('my.setting') AS s;
--> s
--> value

SET enable_seqscan = off;

SHOW enable_seqscan;
--> enable_seqscan
--> off

SET enable_seqscan = maybe;
--! 22023: parameter "enable_seqscan" requires a Boolean value

RESET enable_seqscan;

SHOW enable_seqscan;
--> enable_seqscan
--> on

SET server_version = '1';
--! 55P02: parameter "server_version" cannot be changed

BEGIN;

SET LOCAL statement_timeout = 77;

SHOW statement_timeout;
--> statement_timeout
--> 77ms

ROLLBACK;

SHOW statement_timeout;
--> statement_timeout
--> 0

SET application_name = 'golden';

SELECT setting FROM pg_settings WHERE name = 'application_name';
--> setting
--> golden

SET bytea_output = 'escape';

SELECT '\x0041ff'::bytea::text AS b;
--> b
--> \000A\377

SET extra_float_digits = 0;
--~! 0A000: extra_float_digits "0" is not supported

RESET ALL;

SET NAMES 'UTF8';

SHOW client_encoding;
--> client_encoding
--> UTF8
