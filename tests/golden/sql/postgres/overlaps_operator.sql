-- OVERLAPS of two spans
-- oracle: postgres
-- chapter: functions

SELECT (date '2001-02-16', date '2001-12-21') OVERLAPS (date '2001-10-30', date '2002-10-30') AS o, (date '2001-02-16', interval '100 days') OVERLAPS (date '2001-10-30', date '2002-10-30') AS n;
--> o | n
--> t | f

SELECT (date '2001-10-29', interval '1 day') OVERLAPS (date '2001-10-30', interval '1 day') AS touching, (date '2001-10-30', date '2001-10-30') OVERLAPS (date '2001-10-30', date '2001-10-31') AS point;
--> touching | point
--> f | t

SELECT (date '2001-12-21', date '2001-02-16') OVERLAPS (date '2001-10-30', date '2002-10-30') AS reversed;
--> reversed
--> t

SELECT (time '10:00', time '11:00') OVERLAPS (time '10:30', time '12:00') AS times;
--> times
--> t

SELECT (date '2001-01-01', NULL) OVERLAPS (date '2001-01-01', date '2001-02-01') AS null_end, (NULL::date, NULL) OVERLAPS (date '2001-01-01', date '2001-02-01') AS nulls;
--> null_end | nulls
--> NULL | NULL

SELECT (1, 2) OVERLAPS (2, 3);
--! 42883: function pg_catalog.overlaps(integer, integer, integer, integer) does not exist
