-- to_char of times
-- oracle: postgres
-- chapter: functions

SELECT to_char(timestamp '2002-04-20 17:31:12.66', 'HH12:MI:SS') AS h, to_char(timestamp '2002-04-20 17:31:12.66', 'HH24:MI:SS.MS') AS ms, to_char(timestamp '2002-04-20 17:31:12.66', 'US FF3 FF1') AS parts, to_char(timestamp '2002-04-20 05:31', 'HH AM am A.M. P.M.') AS meridian;
--> h | ms | parts | meridian
--> 05:31:12 | 17:31:12.660 | 660000 660 6 | 05 AM am A.M. A.M.

SELECT to_char(date '2024-03-05', 'YYYY YYY YY Y') AS y, to_char(date '2024-03-05', 'MONTH|Month|month|MON|Mon|mon') AS m, to_char(date '2024-03-05', 'DAY|Day|day|DY|Dy|dy') AS d;
--> y | m | d
--> 2024 024 24 4 | MARCH    |March    |march    |MAR|Mar|mar | TUESDAY  |Tuesday  |tuesday  |TUE|Tue|tue

SELECT to_char(date '2024-03-05', 'DDD DD D ID W WW IW CC J Q RM') AS numbers, to_char(date '2024-12-30', 'IYYY-IW-ID') AS iso;
--> numbers | iso
--> 065 05 3 2 1 10 10 21 2460375 1 III  | 2025-01-1

SELECT to_char(date '2024-03-05', 'FMMonth FMDD, YYYY') AS fm, to_char(date '2024-03-05', 'DDth FMDDth') AS th, to_char(date '2024-03-05', 'YYYY"y"MM"m"') AS quoted, to_char(date '2024-03-05', 'Y,YYY') AS comma;
--> fm | th | quoted | comma
--> March 5, 2024 | 05th 5th | 2024y03m | 2,024

SELECT to_char(timestamptz '2024-07-01 12:00Z', 'TZ OF TZH:TZM') AS zone, to_char(timestamp '2024-07-01 01:02:03', 'SSSS') AS seconds, to_char(date '0044-03-15 BC', 'YYYY BC') AS bc;
--> zone | seconds | bc
--> UTC +00 +00:00 | 3723 | 0044 BC

SELECT to_char(interval '15h 2m 12s', 'HH24:MI:SS') AS i, to_char(interval '40 days 26 hours', 'DD HH24') AS days, to_char(interval '1 year 2 months', 'YYYY-MM') AS months;
--> i | days | months
--> 15:02:12 | 40 26 | 0001-02

SELECT to_char('infinity'::timestamp, 'YYYY') AS none, to_char(NULL::date, 'YYYY') AS n;
--> none | n
--> NULL | NULL
