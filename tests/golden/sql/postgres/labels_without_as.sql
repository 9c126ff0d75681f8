-- Names of output columns without AS, and the words that need it
-- oracle: postgres
-- chapter: lexical

SELECT 1 one, 2 "Two", 3 three;
--> one | Two | three
--> 1 | 2 | 3

SELECT 1 + 1 sum, upper('a') up, -5 minus;
--> sum | up | minus
--> 2 | A | -5

SELECT x.n number, x.n * 2 twice FROM (VALUES (1), (2)) x(n) ORDER BY twice DESC;
--> number | twice
--> 2 | 4
--> 1 | 2

SELECT 1 value, 2 key, 3 type, 4 name, 5 data, 6 text, 7 date_x;
--> value | key | type | name | data | text | date_x
--> 1 | 2 | 3 | 4 | 5 | 6 | 7

SELECT 1 year;
--! 42601: syntax error at or near "year"

SELECT 1 day;
--! 42601: syntax error at or near "day"

SELECT 1 filter;
--! 42601: syntax error at or near "filter"

SELECT 1 over;
--! 42601: syntax error at or near "over"

SELECT 1 within;
--! 42601: syntax error at or near "within"

SELECT 1 user;
--> user
--> 1

SELECT 1 AS year, 2 AS day, 3 AS filter, 4 AS over, 5 AS within, 6 AS user, 7 AS from, 8 AS select, 9 AS end;
--> year | day | filter | over | within | user | from | select | end
--> 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

SELECT count(*) n, max(v) top FROM (VALUES (3), (4)) t(v);
--> n | top
--> 2 | 4

SELECT 'a' 'b';
--! 42601: syntax error at or near "'b'"

SELECT 'a'
'b' joined;
--> joined
--> ab

SELECT 1 a, 2 a, 3 "A";
--> a | a | A
--> 1 | 2 | 3

SELECT t.v FROM (VALUES (1)) t(v) WHERE t.v = 1 ORDER BY t.v;
--> v
--> 1

SELECT n FROM (SELECT 1 n UNION ALL SELECT 2) numbers ORDER BY n;
--> n
--> 1
--> 2

SELECT a.n, b.n m FROM (SELECT 1 n) a, (SELECT 1 n) b WHERE a.n = b.n;
--> n | m
--> 1 | 1

SELECT CASE WHEN true THEN 1 END one, (SELECT 2) two, ARRAY[3] three, NULL nothing, NOT false yes;
--> one | two | three | nothing | yes
--> 1 | 2 | {3} | NULL | t

SELECT 1 IS NULL is_null, 1 BETWEEN 0 AND 2 inside, 1 IN (1) listed;
--> is_null | inside | listed
--> f | t | t

SELECT date '2024-01-05' day_of, interval '1 day' span, 5::integer five;
--> day_of | span | five
--> 2024-01-05 | 1 day | 5

SELECT 1isnull;
--! 42601: trailing junk after numeric literal at or near "1isnull"
