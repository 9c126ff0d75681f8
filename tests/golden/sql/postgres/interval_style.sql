-- intervalstyle says how intervals are written
-- oracle: postgres
-- chapter: types

SET intervalstyle = 'postgres';

SELECT interval '1 year 2 months -3 days 04:05:06.7' AS i, interval '0' AS zero;
--> i | zero
--> 1 year 2 mons -3 days +04:05:06.7 | 00:00:00

SET intervalstyle = 'sql_standard';
--~! 0A000: IntervalStyle "sql_standard" is not supported

SELECT interval '1 year 2 months' AS a, interval '3 days 04:05:06' AS b, interval '1 year -3 days' AS c, interval '0' AS zero;
--> a | b | c | zero
--> 1-2 | 3 4:05:06 | +1-0 -3 +0:00:00 | 0
--~> a | b | c | zero
--~> 1 year 2 mons | 3 days 04:05:06 | 1 year -3 days | 00:00:00

SET intervalstyle = 'iso_8601';
--~! 0A000: IntervalStyle "iso_8601" is not supported

SET intervalstyle = 'postgres_verbose';
--~! 0A000: IntervalStyle "postgres_verbose" is not supported

SET intervalstyle = 'roman';
--! 22023: invalid value for parameter "intervalstyle": "roman"
--~! 22023: invalid value for parameter "IntervalStyle": "roman"

RESET intervalstyle;

SHOW intervalstyle;
--> IntervalStyle
--> postgres
