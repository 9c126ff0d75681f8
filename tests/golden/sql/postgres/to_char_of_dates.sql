-- to_char: every pattern of dates, with its modifiers
-- oracle: postgres
-- chapter: functions

SELECT to_char(timestamp '2024-03-05 07:08:09.012345', 'YYYY-MM-DD HH24:MI:SS.US') AS iso, to_char(timestamp '2024-03-05 19:08:09', 'HH12:MI:SS AM|hh:mi am|HH:MI P.M.|p.m.') AS twelve;
--> iso | twelve
--> 2024-03-05 07:08:09.012345 | 07:08:09 PM|07:08 pm|07:08 P.M.|p.m.

SELECT to_char(timestamp '2024-03-05 07:08:09.012345', 'MS|US|FF1|FF2|FF3|FF4|FF5|FF6') AS fractions;
--> fractions
--> 012|012345|0|01|012|0123|01234|012345

SELECT to_char(timestamp '2024-03-05', 'YYYY|YYY|YY|Y|Y,YYY|IYYY|IYY|IY|I') AS years;
--> years
--> 2024|024|24|4|2,024|2024|024|24|4

SELECT to_char(timestamp '2024-03-05', 'MONTH|Month|month|MON|Mon|mon|MM|RM|rm') AS months;
--> months
--> MARCH    |March    |march    |MAR|Mar|mar|03|III |iii

SELECT to_char(timestamp '2024-03-05', 'DAY|Day|day|DY|Dy|dy|DDD|DD|D|ID|IDDD') AS days;
--> days
--> TUESDAY  |Tuesday  |tuesday  |TUE|Tue|tue|065|05|3|2|065

SELECT to_char(timestamp '2024-03-05', 'WW|W|IW|CC|J|Q|SSSS|SSSSS') AS others, to_char(timestamp '2024-03-05 00:01:01', 'SSSS') AS seconds;
--> others | seconds
--> 10|1|10|21|2460375|1|0|0 | 61

SELECT to_char(timestamp '2024-03-05', 'FMMonth FMDD, YYYY|FMMM|FMDDD|FMDay') AS filled, to_char(timestamp '2024-03-05', 'Month DD') AS padded;
--> filled | padded
--> March 5, 2024|3|65|Tuesday | March     05

SELECT to_char(timestamp '2024-03-01', 'DDth|DDTH|FMDDth') AS first, to_char(timestamp '2024-03-02', 'FMDDth') AS second, to_char(timestamp '2024-03-03', 'FMDDth') AS third, to_char(timestamp '2024-03-11', 'FMDDth') AS eleventh, to_char(timestamp '2024-03-22', 'DDth') AS d22;
--> first | second | third | eleventh | d22
--> 01st|01ST|1st | 2nd | 3rd | 11th | 22nd

SELECT to_char(timestamp '2024-03-05', '"Day" DD "of" MM') AS quoted, to_char(timestamp '2024-03-05', 'YYYY"Q"Q') AS quarter, to_char(timestamp '2024-03-05', 'x yz') AS letters;
--> quoted | quarter | letters
--> Day 05 of 03 | 2024Q1 | x 4z

SELECT to_char(date '0044-03-15 BC', 'YYYY BC|YYYY b.c.|CC') AS bc, to_char(date '2024-03-15', 'YYYY AD|A.D.') AS ad;
--> bc | ad
--> 0044 BC|0044 b.c.|-01 | 2024 AD|A.D.

SELECT to_char(timestamp '2024-03-05 00:30', 'HH12:MI AM') AS midnight, to_char(timestamp '2024-03-05 12:30', 'HH12:MI AM') AS noon, to_char(timestamp '2024-03-05 12:30', 'HH24MI') AS run_together;
--> midnight | noon | run_together
--> 12:30 AM | 12:30 PM | 1230

SELECT to_char(time '13:14:15', 'HH24:MI:SS') AS of_time, to_char(interval '25 hours 3 minutes', 'HH24:MI') AS of_interval, to_char(date '2024-03-05', 'HH24:MI') AS of_date;
--> of_time | of_interval | of_date
--> 13:14:15 | 25:03 | 00:00

SELECT to_char(timestamp '2024-03-05', '') AS empty, to_char(NULL::timestamp, 'YYYY') AS nothing, to_char(timestamp '2024-03-05', NULL) AS no_pattern;
--> empty | nothing | no_pattern
--> NULL | NULL | NULL

SELECT to_char(timestamp '2024-03-05', 'YYYY\MM') AS backslash, to_char(timestamp '2024-03-05', 'DD.MM.YY') AS dots, to_char(timestamp '2024-03-05', 'TMMonth TMDay') AS tm;
--> backslash | dots | tm
--> 2024\03 | 05.03.24 | March Tuesday
--~! 0A000: TM in a template of to_char

SELECT to_char(timestamp '12024-03-05', 'YYYY-MM') AS far, to_char(timestamp '0099-03-05', 'YYYY FMYYYY YY') AS early;
--> far | early
--> 12024-03 | 0099 99 99
