-- LOCK, NOTIFY, DISCARD, VACUUM and what is like them
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (x INTEGER PRIMARY KEY);

LOCK TABLE t;
--! 25P01: LOCK TABLE can only be used in transaction blocks

BEGIN;

LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE;

LOCK t IN ACCESS SHARE MODE NOWAIT;

COMMIT;

BEGIN;

LOCK TABLE nothing;
--! 42P01: relation "nothing" does not exist

ROLLBACK;

LISTEN news;

NOTIFY other, 'nobody listens';

SELECT pg_notify('other', 'nobody listens');
--> pg_notify
-->

SELECT pg_notify('', 'x');
--! 22023: channel name cannot be empty

UNLISTEN news;

UNLISTEN *;

VACUUM t;

VACUUM (ANALYZE) t;

ANALYZE;

ANALYZE t;

REINDEX TABLE t;

VACUUM nothing;
--! 42P01: relation "nothing" does not exist

BEGIN;

VACUUM;
--! 25001: VACUUM cannot run inside a transaction block

ROLLBACK;

BEGIN;

ANALYZE t;

COMMIT;

DISCARD PLANS;

DISCARD SEQUENCES;

DISCARD ALL;

BEGIN;

DISCARD ALL;
--! 25001: DISCARD ALL cannot run inside a transaction block

ROLLBACK;
