-- Numbers read from texts, and texts made of numbers, where SQLite does so by itself
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (n NUMERIC, x TEXT, plain);

INSERT INTO t VALUES ('12', 12, '12'), ('12.50', 12.50, '12.50'), ('1e2', 1e2, '1e2'), (' 7 ', ' 7 ', ' 7 '), ('-0', -0, '-0'), ('.5', .5, '.5');

SELECT n, typeof(n) AS type, quote(x) AS x, quote(plain) AS plain FROM t ORDER BY n;
--> n | type | x | plain
--> 0 | integer | '0' | '-0'
--> 0.5 | real | '0.5' | '.5'
--> 7 | integer | ' 7 ' | ' 7 '
--> 12 | integer | '12' | '12'
--> 12.5 | real | '12.5' | '12.50'
--> 100 | integer | '100.0' | '1e2'

SELECT '12' = 12 AS literals, CAST('12' AS INTEGER) = 12 AS cast, '12' + 0 = 12 AS sum, '12' || '' = 12 AS joined, 12 || '' = '12' AS texts;
--> literals | cast | sum | joined | texts
--> 0 | 1 | 1 | 0 | 1

SELECT 1.0 || '' AS one, 1.50 || '' AS digits, 100 || '' AS integer, 1e3 || '' AS exponent, 1e20 || '' AS large, 1e-7 || '' AS small, -0.0 || '' AS zero, 0.1 + 0.2 || '' AS sum;
--> one | digits | integer | exponent | large | small | zero | sum
--> 1.0 | 1.5 | 100 | 1000.0 | 1.0e+20 | 1.0e-07 | 0.0 | 0.30000000000000004

SELECT 123456789.0 || '' AS nine, 1234567890123456.0 || '' AS sixteen, 12345678901234567.0 || '' AS seventeen, 0.1 || '' AS tenth, 1.0 / 3 || '' AS third;
--> nine | sixteen | seventeen | tenth | third
--> 123456789.0 | 1234567890123456.0 | 12345678901234568.0 | 0.1 | 0.3333333333333333

SELECT length(1.50) AS real, length(100) AS integer, length(1e20) AS large, substr(12345, 2, 3) AS part, upper(1.5) AS upper, replace(121, 2, 3) AS replaced;
--> real | integer | large | part | upper | replaced
--> 3 | 3 | 7 | 234 | 1.5 | 131

SELECT '10' < '9' AS texts, 10 < 9 AS numbers, '10' < 9 AS mixed, 10 < '9' AS other_way, CAST('10' AS INTEGER) < CAST('9' AS INTEGER) AS casts;
--> texts | numbers | mixed | other_way | casts
--> 1 | 0 | 0 | 1 | 0

SELECT x FROM (SELECT column1 AS x FROM (VALUES ('10'), ('9'), ('1'))) ORDER BY x;
--> x
--> 1
--> 10
--> 9

SELECT x FROM (SELECT column1 AS x FROM (VALUES ('10'), ('9'), ('1'))) ORDER BY x + 0;
--> x
--> 1
--> 9
--> 10

SELECT x FROM (SELECT column1 AS x FROM (VALUES ('10'), (9), ('1'), (2.5))) ORDER BY x;
--> x
--> 2.5
--> 9
--> 1
--> 10

SELECT max('10', '9') AS texts, max(10, '9') AS mixed, max(10, 9.5) AS numbers, min('10', 9) AS smaller;
--> texts | mixed | numbers | smaller
--> 9 | 9 | 10 | 9

SELECT sum(x) AS sum, typeof(sum(x)) AS type, avg(x) AS avg FROM (SELECT column1 AS x FROM (VALUES ('10'), ('2')));
--> sum | type | avg
--> 12 | integer | 6.0

SELECT sum(x) AS sum, typeof(sum(x)) AS type FROM (SELECT column1 AS x FROM (VALUES ('10'), ('2.5')));
--> sum | type
--> 12.5 | real

SELECT abs('-5') AS abs, round('2.567', 1) AS round, '7' % '4' AS rest, '7' / '2' AS quotient, -'3' AS minus, typeof(-'3') AS type, '3' * 1.0 AS real;
--> abs | round | rest | quotient | minus | type | real
--> 5.0 | 2.6 | 3 | 3 | -3 | integer | 3.0

SELECT 1 WHERE '1';
--> 1
--> 1

SELECT 'none' AS w WHERE 'a';
--> w

SELECT '0.0' AND 1 AS zero_text, '0.1' AND 1 AS some_text, NOT '0' AS not_zero, '1' IS TRUE AS true_text, 'a' IS FALSE AS word;
--> zero_text | some_text | not_zero | true_text | word
--> 0 | 1 | 1 | 1 | 1

SELECT count(*) AS n FROM t WHERE n = '12.5';
--> n
--> 1

SELECT count(*) AS n FROM t WHERE x = 12.5;
--> n
--> 1

SELECT count(*) AS n FROM t WHERE plain = 12;
--> n
--> 0

SELECT count(*) AS n FROM t WHERE plain + 0 = 12;
--> n
--> 1

SELECT hex(10) AS number, hex('10') AS text, quote(10) AS quoted_number, quote('10') AS quoted_text, typeof(10 || 1) AS joined, unicode(5) AS digit;
--> number | text | quoted_number | quoted_text | joined | digit
--> 3130 | 3130 | 10 | '10' | text | 53

SELECT printf('%d', '12') AS d, printf('%s', 12) AS s, printf('%f', '1.5') AS f, '5' BETWEEN 1 AND 9 AS between_numbers, 5 BETWEEN '1' AND '9' AS between_texts;
--> d | s | f | between_numbers | between_texts
--> 12 | 12 | 1.500000 | 0 | 0

SELECT like('1%', 12) AS like_number, 12 LIKE '1_' AS operator, 12 GLOB '1*' AS glob, instr(12345, 34) AS instr, '12' IN (12) AS in_list, 12 IN ('12') AS in_texts;
--> like_number | operator | glob | instr | in_list | in_texts
--> 1 | 1 | 1 | 3 | 0 | 0
