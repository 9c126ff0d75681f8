-- Seconds since 1970, Julian days, and back
-- oracle: postgres
-- chapter: functions

SELECT extract(epoch FROM timestamp '1970-01-01') AS zero, extract(epoch FROM timestamp '2024-02-29 12:34:56.789') AS now, extract(epoch FROM date '1969-12-31') AS before;
--> zero | now | before
--> 0.000000 | 1709210096.789000 | -86400

SELECT to_timestamp(0) AS zero, to_timestamp(1709210096.789) AS now, to_timestamp(-1.5) AS before;
--> zero | now | before
--> 1970-01-01 00:00:00+00 | 2024-02-29 12:34:56.789+00 | 1969-12-31 23:59:58.5+00

SELECT timestamp '1970-01-01' + 1709210096 * interval '1 second' AS added, timestamptz '1970-01-01 00:00+00' + interval '1709210096.5 seconds' AS zoned;
--> added | zoned
--> 2024-02-29 12:34:56 | 2024-02-29 12:34:56.5+00

SELECT extract(epoch FROM interval '1 day 2 hours') AS a, extract(epoch FROM interval '1 month') AS month, extract(epoch FROM interval '1 year') AS year, extract(epoch FROM time '01:00:01.5') AS of_day;
--> a | month | year | of_day
--> 93600.000000 | 2592000.000000 | 31557600.000000 | 3601.500000

SELECT extract(epoch FROM timestamptz '2024-01-01 00:00+02') AS zoned, extract(epoch FROM timestamptz '2024-01-01 00:00+02' - timestamptz '1970-01-01 00:00+00') AS span;
--> zoned | span
--> 1704060000.000000 | 1704060000.000000

SELECT extract(julian FROM date '2000-01-01') AS j, extract(julian FROM timestamp '2000-01-01 12:00') AS noon, to_char(date '2024-01-01', 'J') AS text, to_date('2460311', 'J') AS back;
--> j | noon | text | back
--> 2451545 | 2451545.50000000000000000000 | 2460311 | 2024-01-01

SELECT date '2024-01-01' - date '1970-01-01' AS days, date '1970-01-01' + 19723 AS back;
--> days | back
--> 19723 | 2024-01-01

SELECT extract(milliseconds FROM timestamp '2024-01-01 00:00:12.345678') AS ms, extract(microseconds FROM timestamp '2024-01-01 00:00:12.345678') AS us, extract(second FROM timestamp '2024-01-01 00:00:12.345678') AS s;
--> ms | us | s
--> 12345.678 | 12345678 | 12.345678

SELECT floor(extract(epoch FROM timestamp '2024-01-01 10:07:30') / 300) * 300 AS bucket, to_timestamp(floor(extract(epoch FROM timestamp '2024-01-01 10:07:30') / 300) * 300) AT TIME ZONE 'UTC' AS at;
--> bucket | at
--> 1704103500 | 2024-01-01 10:05:00

SELECT (extract(epoch FROM timestamp '2024-01-01 00:00:00.123456') * 1000000)::bigint AS micros, (extract(epoch FROM timestamp '2024-01-01 00:00:00.123456') * 1000)::bigint AS millis;
--> micros | millis
--> 1704067200123456 | 1704067200123

SELECT date_part('epoch', timestamp '2024-01-01 00:00:00.25') AS double_precision, extract(epoch FROM timestamp '2024-01-01 00:00:00.25') AS numeric;
--> double_precision | numeric
--> 1704067200.25 | 1704067200.250000

SELECT to_timestamp('NaN');
--! 22008: timestamp cannot be NaN

SELECT to_timestamp('Infinity') AS forever, to_timestamp('-Infinity') AS never;
--> forever | never
--> infinity | -infinity

SELECT timestamp 'epoch' AS epoch, timestamp 'epoch' + interval '1 day' AS next, date 'epoch' AS day, timestamptz 'epoch' = to_timestamp(0) AS same;
--> epoch | next | day | same
--> 1970-01-01 00:00:00 | 1970-01-02 00:00:00 | 1970-01-01 | t

SELECT extract(epoch FROM timestamp '2038-01-19 03:14:07')::integer AS last;
--> last
--> 2147483647

SELECT extract(epoch FROM timestamp '2038-01-19 03:14:08')::integer;
--! 22003: integer out of range
