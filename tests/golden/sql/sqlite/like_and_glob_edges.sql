-- LIKE with escapes, GLOB with classes, both with numbers and NULLs
-- oracle: sqlite
-- chapter: expressions

SELECT 'abc' LIKE 'A%' AS nocase, 'É' LIKE 'é' AS ascii_only, 'abc' LIKE '_b_' AS signs, 'abc' LIKE 'ab' AS whole, '' LIKE '%' AS empty, 'a' LIKE '' AS none;
--> nocase | ascii_only | signs | whole | empty | none
--> 1 | 0 | 1 | 0 | 1 | 0

SELECT '50%' LIKE '50!%' ESCAPE '!' AS escaped, '50x' LIKE '50!%' ESCAPE '!' AS other, 'a_b' LIKE 'a\_b' AS backslash_is_none, 'a\b' LIKE 'a\b' AS literal, 'a!' LIKE 'a!!' ESCAPE '!' AS twice;
--> escaped | other | backslash_is_none | literal | twice
--> 1 | 0 | 0 | 1 | 1

SELECT 'abc' LIKE 'abc' ESCAPE 'xy';
--! ESCAPE expression must be a single character

SELECT 'abc' LIKE 'ab!' ESCAPE '!' AS ends_with_escape;
--> ends_with_escape
--> 0

SELECT 12345 LIKE '12%' AS number, 1.0 LIKE '1.0' AS real, NULL LIKE 'a' AS n, 'a' LIKE NULL AS m, 'a' LIKE 'a' ESCAPE NULL AS e;
--> number | real | n | m | e
--> 1 | 1 | NULL | NULL | NULL

SELECT 'abc' GLOB 'a*' AS star, 'abc' GLOB 'A*' AS case_counts, 'abc' GLOB 'a?c' AS question, 'abc' GLOB '[a-c]bc' AS class, 'abc' GLOB '[^a]bc' AS negated, 'abc' GLOB '*' AS any;
--> star | case_counts | question | class | negated | any
--> 1 | 0 | 1 | 1 | 0 | 1

SELECT 'a]c' GLOB 'a[]]c' AS bracket, 'a-c' GLOB 'a[x-]c' AS hyphen, 'a*c' GLOB 'a[*]c' AS star, 'abc' GLOB 'a[*]c' AS no_star, 'a[c' GLOB 'a[[]c' AS open, '5' GLOB '[0-9]' AS digit;
--> bracket | hyphen | star | no_star | open | digit
--> 1 | 1 | 1 | 0 | 1 | 1

SELECT 'abc' NOT LIKE 'x%' AS not_like, 'abc' NOT GLOB 'a*' AS not_glob, NOT 'abc' LIKE 'x%' AS negated;
--> not_like | not_glob | negated
--> 1 | 0 | 1

SELECT like('a%', 'abc') AS function, glob('a*', 'abc') AS glob_function, like('a!%', 'a%', '!') AS three;
--> function | glob_function | three
--> 1 | 1 | 1

SELECT 'abc' LIKE '%%c' AS doubled, 'aXbXc' LIKE 'a%b%c' AS several, 'aaa' LIKE 'a_a_' AS too_short, 'a' || char(10) || 'b' LIKE 'a_b' AS newline, 'é' LIKE '_' AS one_character;
--> doubled | several | too_short | newline | one_character
--> 1 | 1 | 0 | 1 | 1

CREATE TABLE patterns (p TEXT, kind TEXT);

INSERT INTO patterns VALUES ('US%', 'usa'), ('%.l', 'london'), ('____', 'four'), ('%', 'any');

SELECT s, group_concat(kind, ',') AS kinds FROM (SELECT s, kind FROM (SELECT column1 AS s FROM (VALUES ('USX1'), ('VOD.L'), ('ABC'))) JOIN patterns ON s LIKE p ORDER BY s, kind) GROUP BY s ORDER BY s;
--> s | kinds
--> ABC | any
--> USX1 | any,four,usa
--> VOD.L | any,london

SELECT kind FROM patterns WHERE 'usx1' LIKE p AND p NOT LIKE '!%' ESCAPE '!' ORDER BY kind;
--> kind
--> four
--> usa

SELECT kind FROM patterns WHERE kind GLOB '[a-l]*' ORDER BY kind;
--> kind
--> any
--> four
--> london

SELECT 'abc' REGEXP 'a.c';
--! no such function: REGEXP

SELECT 'abc' MATCH 'a';
--! unable to use function MATCH in the requested context
