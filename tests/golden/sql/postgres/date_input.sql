-- Dates as they are read and written
-- oracle: postgres
-- chapter: types

SELECT '2024-01-08'::date AS iso, 'January 8, 2024'::date AS words, '8-Jan-2024'::date AS d, 'Jan-08-2024'::date AS m, '20240108'::date AS packed, '2024.008'::date AS day_of_year, 'J2460318'::date AS julian;
--> iso | words | d | m | packed | day_of_year | julian
--> 2024-01-08 | 2024-01-08 | 2024-01-08 | 2024-01-08 | 2024-01-08 | 2024-01-08 | 2024-01-08

SELECT '1/8/2024'::date AS month_first, '2024/1/8'::date AS slashes;
--> month_first | slashes
--> 2024-01-08 | 2024-01-08

SELECT '2024-02-30'::date;
--! 22008: date/time field value out of range: "2024-02-30"

SELECT '2024-13-01'::date;
--! 22008: date/time field value out of range: "2024-13-01"

SELECT 'yesterday-ish'::date;
--! 22007: invalid input syntax for type date: "yesterday-ish"

SELECT '0044-03-15 BC'::date AS caesar, 'infinity'::date AS i, '-infinity'::date AS m, 'epoch'::date AS e;
--> caesar | i | m | e
--> 0044-03-15 BC | infinity | -infinity | 1970-01-01

SELECT '5874898-01-01'::date;
--! 22008: date out of range: "5874898-01-01"

SELECT '2024-01-08'::date::text AS t, '2024-01-08 23:59'::timestamp::date AS cut;
--> t | cut
--> 2024-01-08 | 2024-01-08

SELECT date '2024-01-08' + time '10:30' AS sum, date '2024-01-08' - 7 AS week_before, date '2024-01-08' - date '2024-02-08' AS days, date '2024-01-08' + interval '1 hour' AS ts;
--> sum | week_before | days | ts
--> 2024-01-08 10:30:00 | 2024-01-01 | -31 | 2024-01-08 01:00:00

SELECT 'infinity'::date - date '2024-01-01';
--! 22008: cannot subtract infinite dates

SELECT isfinite(date 'infinity') AS f, isfinite(date '2024-01-01') AS t;
--> f | t
--> f | t

SELECT ''::date;
--! 22007: invalid input syntax for type date: ""
