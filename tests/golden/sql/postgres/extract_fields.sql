-- All fields of EXTRACT
-- oracle: postgres
-- chapter: functions

SELECT extract(century FROM timestamp '2000-12-16 12:21:13') AS c, extract(century FROM date '2001-01-01') AS d, extract(millennium FROM date '2001-02-16') AS m, extract(decade FROM date '2001-02-16') AS decade;
--> c | d | m | decade
--> 20 | 21 | 3 | 200

SELECT extract(day FROM date '2001-02-16') AS day, extract(dow FROM date '2024-03-03') AS sunday, extract(isodow FROM date '2024-03-03') AS iso, extract(doy FROM date '2024-12-31') AS doy;
--> day | sunday | iso | doy
--> 16 | 0 | 7 | 366

SELECT extract(week FROM date '2005-01-02') AS w, extract(isoyear FROM date '2005-01-02') AS y, extract(quarter FROM date '2024-12-01') AS q, extract(julian FROM date '2024-01-01') AS j;
--> w | y | q | j
--> 53 | 2004 | 4 | 2460311

SELECT extract(microseconds FROM time '17:12:28.5') AS us, extract(milliseconds FROM time '17:12:28.5') AS ms, extract(second FROM time '17:12:28.5') AS s, extract(minute FROM time '17:12:28.5') AS m;
--> us | ms | s | m
--> 28500000 | 28500.000 | 28.500000 | 12

SELECT extract(epoch FROM timestamptz '2001-02-16 20:38:40.12-08') AS e, extract(epoch FROM timestamp '2001-02-16 20:38:40.12') AS local, extract(epoch FROM interval '5 days 3 hours') AS i;
--> e | local | i
--> 982384720.120000 | 982355920.120000 | 442800.000000

SELECT extract(year FROM interval '-25 months') AS y, extract(month FROM interval '-25 months') AS m, extract(hour FROM interval '-90 minutes') AS h;
--> y | m | h
--> -2 | -1 | -1

SELECT extract(timezone_hour FROM timestamptz '2001-02-16 20:38:40-08') AS tz;
--> tz
--> 0

SELECT extract(epoch FROM 'infinity'::timestamp) AS i, extract(day FROM 'infinity'::timestamp) AS d, extract(year FROM '-infinity'::date) AS y;
--> i | d | y
--> Infinity | NULL | -Infinity

SELECT extract(fortnight FROM date '2001-02-16');
--! 22023: unit "fortnight" not recognized for type date

SELECT extract(hour FROM date '2001-02-16');
--! 0A000: unit "hour" not supported for type date

SELECT extract('year' FROM date '2001-02-16') AS quoted, extract(year FROM NULL::date) AS n;
--> quoted | n
--> 2001 | NULL
