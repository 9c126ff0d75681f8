-- Advisory locks of one session
-- oracle: postgres
-- chapter: sessions

SELECT pg_advisory_lock(42);
--> pg_advisory_lock
-->

SELECT pg_try_advisory_lock(42);
--> pg_try_advisory_lock
--> t

SELECT pg_advisory_unlock(42), pg_advisory_unlock(42), pg_advisory_unlock(42);
--> pg_advisory_unlock | pg_advisory_unlock | pg_advisory_unlock
--> t | t | f

SELECT pg_try_advisory_lock(1, 2), pg_try_advisory_lock_shared(1, 2);
--> pg_try_advisory_lock | pg_try_advisory_lock_shared
--> t | t

SELECT pg_advisory_unlock(1, 2), pg_advisory_unlock_shared(1, 2), pg_advisory_unlock(1, 2);
--> pg_advisory_unlock | pg_advisory_unlock_shared | pg_advisory_unlock
--> t | t | f

BEGIN;

SELECT pg_advisory_xact_lock(7), pg_try_advisory_xact_lock_shared(8);
--> pg_advisory_xact_lock | pg_try_advisory_xact_lock_shared
-->  | t

SELECT pg_advisory_unlock(7);
--> pg_advisory_unlock
--> f

COMMIT;

SELECT pg_advisory_lock_shared(9), pg_advisory_lock_shared(9);
--> pg_advisory_lock_shared | pg_advisory_lock_shared
-->  |

SELECT pg_advisory_unlock_all();
--> pg_advisory_unlock_all
-->

SELECT pg_advisory_unlock_shared(9);
--> pg_advisory_unlock_shared
--> f

SELECT pg_advisory_lock(NULL);
--> pg_advisory_lock
--> NULL
