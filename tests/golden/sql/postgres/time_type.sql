-- Times of day, with and without zone
-- oracle: postgres
-- chapter: types

SELECT '04:05:06.789'::time AS a, '04:05'::time AS b, '040506'::time AS c, '04:05 PM'::time AS d, '24:00:00'::time AS e, 'allballs'::time AS f;
--> a | b | c | d | e | f
--> 04:05:06.789 | 04:05:00 | 04:05:06 | 16:05:00 | 24:00:00 | 00:00:00

SELECT '25:00'::time;
--! 22008: date/time field value out of range: "25:00"

SELECT '04:05:06-08:00'::timetz AS z, '04:05:06 UTC'::timetz AS u;
--> z | u
--> 04:05:06-08 | 04:05:06+00
--~! 0A000: type "timetz" is not supported

SELECT '12:34:56.789'::time(1) AS rounded, '12:34:56.789'::time(0) AS seconds;
--> rounded | seconds
--> 12:34:56.8 | 12:34:57

SELECT time '23:00' + interval '2 hours' AS wraps, time '01:00' - interval '2 hours' AS back, time '10:00' - time '08:30' AS between;
--> wraps | back | between
--> 01:00:00 | 23:00:00 | 01:30:00

SELECT time '10:00' < time '10:00:00.1' AS less, extract(hour FROM time '10:20:30') AS h, extract(epoch FROM time '01:00') AS e;
--> less | h | e
--> t | 10 | 3600.000000

SELECT time '10:00' + time '10:00';
--! 42725: operator is not unique: time without time zone + time without time zone

SELECT extract(day FROM time '10:00');
--! 0A000: unit "day" not supported for type time without time zone

SELECT '10:00'::time::interval AS i, interval '26 hours'::time AS t, timestamp '2024-01-01 10:20'::time AS of_timestamp;
--> i | t | of_timestamp
--> 10:00:00 | 02:00:00 | 10:20:00

SELECT make_time(8, 15, 23.5) AS m, date_trunc('minute', time '10:20:30') AS truncated;
--> m | truncated
--> 08:15:23.5 | 10:20:00
