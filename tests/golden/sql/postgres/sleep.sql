-- Waiting for a while
-- oracle: postgres
-- chapter: functions

SELECT pg_sleep(0);
--> pg_sleep
-->

SELECT pg_sleep(-1);
--> pg_sleep
-->

SELECT pg_sleep(0.001);
--> pg_sleep
-->

SELECT pg_sleep(NULL);
--> pg_sleep
--> NULL

SELECT pg_sleep('NaN');
--> pg_sleep
-->

SELECT pg_sleep_for('-1 day');
--> pg_sleep_for
-->

SELECT pg_sleep_for('1 millisecond');
--> pg_sleep_for
-->

SELECT pg_sleep_until('2001-01-01');
--> pg_sleep_until
-->

SELECT pg_sleep_until('-infinity');
--> pg_sleep_until
-->

SET statement_timeout = '20ms';

SELECT pg_sleep(1000);
--! 57014: canceling statement due to statement timeout

SELECT pg_sleep_for('1 month');
--! 57014: canceling statement due to statement timeout

SELECT pg_sleep('infinity');
--! 57014: canceling statement due to statement timeout

SELECT pg_sleep_until('infinity');
--! 57014: canceling statement due to statement timeout

SELECT 1 WHERE pg_sleep(0) IS NOT NULL;
--> ?column?
--> 1
