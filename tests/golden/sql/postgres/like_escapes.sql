-- LIKE: signs that stand for themselves
-- oracle: postgres
-- chapter: functions

SELECT '50%' LIKE '50\%' AS escaped, '50x' LIKE '50\%' AS other, 'a_b' LIKE 'a\_b' AS line, 'axb' LIKE 'a\_b' AS not_line;
--> escaped | other | line | not_line
--> t | f | t | f

SELECT '50%' LIKE '50!%' ESCAPE '!' AS own, 'a!b' LIKE 'a!!b' ESCAPE '!' AS twice, 'a\b' LIKE 'a\b' ESCAPE '' AS none, 'a\b' LIKE 'a\\b' AS backslash;
--> own | twice | none | backslash
--> t | t | t | t

SELECT 'abc' LIKE 'abc' AS same, 'abc' LIKE 'ABC' AS other_case, 'abc' ILIKE 'ABC' AS ilike, 'abc' ~~* 'A_C' AS operator;
--> same | other_case | ilike | operator
--> t | f | t | t

SELECT '' LIKE '' AS empty, '' LIKE '%' AS any, 'a' LIKE '' AS none, '' LIKE '_' AS one, 'a' LIKE '%%%' AS many;
--> empty | any | none | one | many
--> t | t | f | f | t

SELECT 'abcabc' LIKE '%bc' AS ends, 'abcabc' LIKE 'abc%' AS begins, 'abcabc' LIKE '%ca%' AS within, 'abcabc' LIKE '_b%_c' AS mixed;
--> ends | begins | within | mixed
--> t | t | t | t

SELECT NULL LIKE 'a' AS n, 'a' LIKE NULL AS m, 'a' NOT LIKE NULL AS o, 'a' NOT LIKE 'b' AS p;
--> n | m | o | p
--> NULL | NULL | NULL | t

SELECT 'abc' LIKE 'ab\';
--! 22025: LIKE pattern must not end with escape character

SELECT 'abc' LIKE 'abc' ESCAPE 'xy';
--! 22025: invalid escape string

SELECT E'a\nb' LIKE 'a%b' AS newline, E'a\nb' LIKE 'a_b' AS one, 'a.b' LIKE 'a.b' AS dot, 'axb' LIKE 'a.b' AS no_regex;
--> newline | one | dot | no_regex
--> t | t | t | f

SELECT x FROM (VALUES ('10%'), ('10'), ('100'), ('1_0')) v(x) WHERE x LIKE '%\%%' OR x LIKE '1\_%' ORDER BY x;
--> x
--> 10%
--> 1_0

SELECT x, x LIKE replace(replace('10%_', '%', '\%'), '_', '\_') AS exact FROM (VALUES ('10%_'), ('10xx')) v(x) ORDER BY x;
--> x | exact
--> 10%_ | t
--> 10xx | f

SELECT 'abc' LIKE ANY (ARRAY['x%', 'a%']) AS any, 'abc' NOT LIKE ALL (ARRAY['x%', 'y%']) AS all, 'abc' LIKE ALL (ARRAY['a%', '%d']) AS every;
--> any | all | every
--> t | t | f

SELECT starts_with('abc', 'ab') AS starts, 'abc' ^@ 'bc' AS operator, starts_with('abc', '') AS empty, starts_with('abc', NULL) AS n;
--> starts | operator | empty | n
--> t | f | t | NULL

SELECT 12345::text LIKE '123%' AS number, '2024-01-05'::date::text LIKE '2024-%' AS date;
--> number | date
--> t | t

SELECT 12345 LIKE '123%';
--! 42883: operator does not exist: integer ~~ unknown

CREATE TABLE patterns (pattern TEXT, kind TEXT);

INSERT INTO patterns VALUES ('US%', 'usa'), ('%.L', 'london'), ('____', 'four'), ('%', 'any');

SELECT s, string_agg(kind, ',' ORDER BY kind) AS kinds FROM (VALUES ('USX1'), ('VOD.L'), ('ABC')) v(s) JOIN patterns ON s LIKE pattern GROUP BY s ORDER BY s;
--> s | kinds
--> ABC | any
--> USX1 | any,four,usa
--> VOD.L | any,london
