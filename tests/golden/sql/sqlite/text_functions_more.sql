-- Functions of texts that only SQLite has
-- oracle: sqlite
-- chapter: functions

SELECT instr('hello', 'l') AS i, instr('hello', 'z') AS none;
--> i | none
--> 3 | 0

SELECT hex('abc') AS h, quote('it''s') AS q, quote(NULL) AS n, quote(x'00ff') AS b;
--> h | q | n | b
--> 616263 | 'it''s' | NULL | X'00FF'

SELECT printf('%05d|%-5s|%.2f|%x|%%', 42, 'ab', 3.14159, 255) AS f;
--> f
--> 00042|ab   |3.14|ff|%

SELECT char(72, 105) AS c, unicode('A') AS u, zeroblob(2) AS z;
--> c | u | z
--> Hi | 65 | x'0000'

SELECT iif(1 > 2, 'yes', 'no') AS i, ifnull(NULL, 5) AS n;
--> i | n
--> no | 5

SELECT max(1, 5, 3) AS most, min('b', 'a') AS least, max(1, NULL) AS unknown;
--> most | least | unknown
--> 5 | a | NULL

SELECT substr('hello', -3) AS tail, substr('hello', -3, 2) AS two, substr('hello', 0, 3) AS odd;
--> tail | two | odd
--> llo | ll | he

SELECT round(2.5) AS a, round(-2.5) AS b, round(3.14159, 2) AS c;
--> a | b | c
--> 3.0 | -3.0 | 3.14

SELECT typeof(1) AS i, typeof(1.0) AS r, typeof('') AS t, typeof(x'') AS b, typeof(NULL) AS n;
--> i | r | t | b | n
--> integer | real | text | blob | null

SELECT total(x) AS total, sum(x) AS sum FROM (SELECT 1 AS x WHERE 0);
--> total | sum
--> 0.0 | NULL

SELECT group_concat(x, '-') AS g FROM (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 3);
--> g
--> 1-2-3
