-- Dates, times and intervals with punctuation, labels and parts in other places
-- oracle: postgres
-- chapter: types

SELECT '{1,2,3}'::date AS braces, '(2024-01-05)'::date AS parentheses, '["2024-01-05"]'::date AS quotes, 'y2024m01d05'::date AS labelled, 'J 2460315'::date AS julian;
--> braces | parentheses | quotes | labelled | julian
--> 2003-01-02 | 2024-01-05 | 2024-01-05 | 2024-01-05 | 2024-01-05

SELECT '12345 1 2'::date AS year_first, '1 2 12345'::date AS year_last, '2024 005'::date AS day_of_year, '2024-01-05 foo/bar'::date AS zone;
--! 22023: time zone "foo/bar" not recognized

SELECT '9223372036854775808'::date;
--! 22008: date/time field value out of range: "9223372036854775808"

SELECT '-9223372036854775808'::date;
--! 22009: time zone displacement out of range: "-9223372036854775808"

SELECT '2024-01-05 +16'::timestamptz;
--! 22009: time zone displacement out of range: "2024-01-05 +16"

SELECT 'a,b,c'::date;
--! 22007: invalid input syntax for type date: "a,b,c"

SELECT '2024-01-05 04:05.5'::timestamp AS minutes_and_seconds, '2024-01-05 t 040506.5'::timestamp AS run_together, '1 1 2024 h 5 m 6 s 7.5'::timestamp AS labelled, '20240105 256199'::timestamp AS beyond_the_day;
--> minutes_and_seconds | run_together | labelled | beyond_the_day
--> 2024-01-05 00:04:05.5 | 2024-01-05 04:05:06.5 | 2024-01-01 05:06:07.5 | 2024-01-06 02:02:39

SELECT '2024-01-05 est'::timestamptz = '2024-01-05 05:00 utc'::timestamptz AS abbreviation, '2024-01-05 met dst'::timestamptz = '2024-01-04 22:00 utc'::timestamptz AS summer, '2024-01-05 abc+3'::timestamptz = '2024-01-05 03:00 utc'::timestamptz AS posix;
--> abbreviation | summer | posix
--> t | t | t

SELECT '12:'::time AS hour, 't040506'::time AS labelled, '2024-01-05 04:05'::time AS of_a_day, '12:00:00.0000005'::time AS half_to_even, '12:00:00.0000015'::time AS half_to_even_again;
--> hour | labelled | of_a_day | half_to_even | half_to_even_again
--> 12:00:00 | 04:05:06 | 04:05:00 | 12:00:00 | 12:00:00.000002

SELECT '$ #,###.#'::interval AS point, '[1 day]_2 hours'::interval AS brackets, 'day 1'::interval AS unit_of_nothing, 'ago 1 day'::interval AS ago, '12:00 1.5 day'::interval AS clock_last, '1.5 day 12:00'::interval AS clock_first;
--> point | brackets | unit_of_nothing | ago | clock_last | clock_first
--> 00:00:00 | 1 day 02:00:00 | 00:00:01 | -1 days | 1 day 12:00:00 | 1 day 24:00:00

SELECT 'P0002-06-07T01:30:00'::interval AS iso_extended, 'P00020607T013000'::interval AS iso_basic, 'P1.5Y2.5M'::interval AS iso_parts, '-5-3'::interval AS standard, '5-'::interval AS standard_years;
--> iso_extended | iso_basic | iso_parts | standard | standard_years
--> 2 years 6 mons 7 days 01:30:00 | 2 years 6 mons 7 days 01:30:00 | 1 year 8 mons 15 days | -5 years -3 mons | 5 years

SELECT '#'::interval;
--! 22007: invalid input syntax for type interval: "#"

SELECT '1 2 days'::interval;
--! 22007: invalid input syntax for type interval: "1 2 days"

SELECT '9999999999 days'::interval;
--! 22015: interval field value out of range: "9999999999 days"

SELECT '178956970 years 8 months'::interval;
--! 22008: interval out of range

SELECT date_part('epoch', '1 year 2 months 3 days 4 hours 5 minutes 6.789 seconds ago'::interval) AS float, extract(epoch FROM '1 year 2 months 3 days 4 hours 5 minutes 6.789 seconds ago'::interval) AS exact;
--> float | exact
--> -37015506.789000005 | -37015506.789000
