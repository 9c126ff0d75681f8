-- upper, lower and initcap
-- oracle: postgres
-- chapter: functions

SELECT upper('tom') AS u, lower('TOM') AS l, initcap('hi THOMAS o''neil x2y') AS i;
--> u | l | i
--> TOM | tom | Hi Thomas O'Neil X2y

SELECT upper('') AS empty, upper(NULL) AS n, initcap('a-b_c d.e') AS words;
--> empty | n | words
-->  | NULL | A-B_C D.E

SELECT upper('é'), lower('É');
--> upper | lower
--> é | É

SELECT normalize('a') AS n, 'a' IS NORMALIZED AS yes;
--> n | yes
--> a | t

SELECT upper(name) FROM (VALUES ('acme'), ('beta')) AS s(name) ORDER BY 1;
--> upper
--> ACME
--> BETA
