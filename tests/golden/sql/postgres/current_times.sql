-- The time of a transaction stands still
-- oracle: postgres
-- chapter: functions

BEGIN;

SELECT now() = current_timestamp AS same, now() = transaction_timestamp() AS also, statement_timestamp() >= now() AS later;
--> same | also | later
--> t | t | t

SELECT current_date = now()::date AS d, localtimestamp = now()::timestamp AS l, localtime = now()::time AS lt;
--> d | l | lt
--> t | t | t

SELECT clock_timestamp() >= now() AS goes_on, clock_timestamp() <= clock_timestamp() AS further;
--> goes_on | further
--> t | t

COMMIT;

SELECT pg_typeof(now()), pg_typeof(current_date), pg_typeof(current_time), pg_typeof(localtime), pg_typeof(localtimestamp), pg_typeof(timeofday());
--> pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
--> timestamp with time zone | date | time with time zone | time without time zone | timestamp without time zone | text
--~> pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof | pg_typeof
--~> timestamp with time zone | date | time without time zone | time without time zone | timestamp without time zone | text

SELECT extract(microseconds FROM current_timestamp(0))::bigint % 1000000 AS rounded, pg_typeof(current_timestamp(0));
--> rounded | pg_typeof
--> 0 | timestamp with time zone

SELECT 'now'::timestamp <= clock_timestamp()::timestamp AS n, 'today'::date = current_date AS t, 'tomorrow'::date - 'yesterday'::date AS two;
--> n | t | two
--> t | t | 2
