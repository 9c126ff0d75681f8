-- printf of texts: widths, quotes, characters
-- oracle: sqlite
-- chapter: functions

SELECT printf('%s|%10s|%-10s|%.2s|%10.2s|', 'abc', 'abc', 'abc', 'abc', 'abc') AS widths;
--> widths
--> abc|       abc|abc       |ab|        ab|

SELECT printf('%s', 'é日👍') AS unicode, printf('%5s|', 'é日') AS padded, printf('%.2s', 'é日👍') AS cut, printf('%!.2s|', 'é日👍') AS cut_characters, printf('%!5s|', 'é日') AS padded_characters;
--> unicode | padded | cut | cut_characters | padded_characters
--> é日👍 | é日| | é | é日| |    é日|

SELECT printf('%q', 'it''s') AS q, printf('%Q', 'it''s') AS q_quotes, printf('%Q', NULL) AS q_null, printf('%w', 'a"b') AS w, printf('%q', NULL) AS q_plain_null;
--> q | q_quotes | q_null | w | q_plain_null
--> it''s | 'it''s' | NULL | a""b | (NULL)

SELECT printf('%c', 'abc') AS first, printf('%c', 65) AS number, printf('%5c|', 'x') AS padded, printf('%.3c', 'x') AS repeated, hex(printf('%c', '')) AS empty;
--> first | number | padded | repeated | empty
--> a | 6 |     x| | xxx | 00

SELECT printf('%s and %s', 'one') AS missing, printf('%d %f %s|', NULL, NULL, NULL) AS nulls, printf('plain', 1, 2) AS more, printf('%%') AS percent;
--> missing | nulls | more | percent
--> one and  | 0 0.000000 | | plain | %

SELECT printf('%z') AS unknown, printf('abc%') AS cut, printf('%') AS alone, printf('') AS empty, printf(NULL, 1) AS no_format;
--> unknown | cut | alone | empty | no_format
-->  | abc% | % | NULL | NULL

SELECT printf(12) AS of_number, printf('%s', printf('%d', 5)) AS nested, format('%s=%d', 'a', 1) AS format;
--> of_number | nested | format
--> 12 | 5 | a=1

SELECT 'INSERT INTO t VALUES (' || printf('%d, %Q, %Q', 1, 'it''s', NULL) || ')' AS statement;
--> statement
--> INSERT INTO t VALUES (1, 'it''s', NULL)

SELECT printf('%-10s%8.2f', name, price) AS line FROM (SELECT 'tea' AS name, 3.5 AS price UNION ALL SELECT 'coffee', 12.25) ORDER BY name;
--> line
--> coffee       12.25
--> tea           3.50

SELECT printf('%*s|', 8, 'abc') AS star, printf('%-*s|', 8, 'abc') AS star_left, printf('%s', 'a' || char(10) || 'b') = 'a' || char(10) || 'b' AS newline;
--> star | star_left | newline
-->      abc| | abc     | | 1

SELECT length(printf('%1000d', 1)) AS wide, length(printf('%.100f', 0.5)) AS precise, length(printf('%50s', '')) AS blanks;
--> wide | precise | blanks
--> 1000 | 102 | 50

SELECT printf('%j', '{"a":1}') AS json_letter, printf('%i', 3) AS i, printf('%p', 255) AS pointer, printf('%n', 1) AS n;
--> json_letter | i | pointer | n
--> NULL | 3 | FF |
