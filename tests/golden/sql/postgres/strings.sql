-- Functions of texts
-- oracle: postgres
-- chapter: functions

SELECT concat('a', NULL, 1) AS c, concat_ws('-', 'a', NULL, 'b') AS w, 'a' || 1 AS j;
--> c | w | j
--> a1 | a-b | a1

SELECT position('b' IN 'abc') AS p, strpos('abc', 'c') AS s, left('abc', 2) AS l, right('abc', -1) AS r;
--> p | s | l | r
--> 2 | 3 | ab | bc

SELECT lpad('7', 3, '0') AS l, rpad('a', 3, 'xy') AS r, repeat('ab', 2) AS t, reverse('abc') AS v;
--> l | r | t | v
--> 007 | axy | abab | cba

SELECT split_part('a,b,c', ',', 2) AS s, initcap('hello wORLD') AS i, translate('abc', 'ab', 'x') AS t;
--> s | i | t
--> b | Hello World | xc

SELECT substring('abcdef' FROM 2 FOR 3) AS s, overlay('abcdef' PLACING 'XX' FROM 3) AS o, trim(BOTH 'x' FROM 'xax') AS t;
--> s | o | t
--> bcd | abXXef | a

SELECT 'abc' ~ '^a.c$' AS m, 'ABC' ~* 'b' AS i, regexp_replace('a1b22', '[0-9]+', '#', 'g') AS r;
--> m | i | r
--> t | t | a#b#

SELECT 'abc' ILIKE 'A%' AS i, 'abc' SIMILAR TO '(a|x)b%' AS s;
--> i | s
--> t | t

SELECT md5('abc') AS m, encode('\x6162'::bytea, 'base64') AS e, to_hex(255) AS h, chr(65) AS c, ascii('A') AS a;
--> m | e | h | c | a
--> 900150983cd24fb0d6963f7d28e17f72 | YWI= | ff | A | 65

SELECT format('%s is %L and %I', 'a', 'b''c', 'd e') AS f, quote_literal('x''y') AS q;
--> f | q
--> a is 'b''c' and "d e" | 'x''y'

SELECT string_agg(x, ',' ORDER BY x DESC) AS s, array_agg(x ORDER BY x) AS a FROM (VALUES ('a'), ('c'), ('b')) AS v(x);
--> s | a
--> c,b,a | {a,b,c}

SELECT length('hé'), octet_length('hé'), upper('é');
--> length | octet_length | upper
--> 2 | 3 | é
