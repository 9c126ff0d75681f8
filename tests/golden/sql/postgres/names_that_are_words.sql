-- Words of SQL that may be names of columns and tables without quotes
-- oracle: postgres
-- chapter: lexical

CREATE TABLE words (top INTEGER, rows TEXT, range INTEGER, groups INTEGER, value TEXT, key TEXT, type TEXT, name TEXT, date DATE, time TIME, year INTEGER, position INTEGER, first INTEGER, last INTEGER, level INTEGER, index INTEGER, open NUMERIC, close NUMERIC, side TEXT, action TEXT);

INSERT INTO words (top, rows, range, groups, value, key, type, name) VALUES (1, 'r', 2, 3, 'v', 'k', 't', 'n');

INSERT INTO words (date, time, year, position, first, last, level, index) VALUES ('2024-01-05', '10:00', 2024, 4, 5, 6, 7, 8);

SELECT top FROM words WHERE top = 1;
--> top
--> 1

SELECT rows FROM words WHERE rows = 'r';
--> rows
--> r

SELECT range, groups FROM words WHERE range = 2;
--> range | groups
--> 2 | 3

SELECT value, key, type, name FROM words WHERE key = 'k' ORDER BY name;
--> value | key | type | name
--> v | k | t | n

SELECT date, time, year, position FROM words WHERE date IS NOT NULL;
--> date | time | year | position
--> 2024-01-05 | 10:00:00 | 2024 | 4

SELECT first, last, level, index FROM words WHERE first < last;
--> first | last | level | index
--> 5 | 6 | 7 | 8

SELECT words.top, w.rows FROM words JOIN words w ON w.rows = words.rows;
--> top | rows
--> 1 | r

SELECT 1 AS rows FROM words LIMIT 1;
--> rows
--> 1

SELECT count(*) AS count, max(top) AS max, min(top) AS min, sum(top) AS sum FROM words;
--> count | max | min | sum
--> 2 | 1 | 1 | 1

SELECT year + 1 AS year, position - 1 AS position FROM words WHERE year = 2024 GROUP BY year, position ORDER BY year, position;
--> year | position
--> 2025 | 3

SELECT extract(year FROM date) AS year, date + 1 AS date, time '09:00' < time AS later FROM words WHERE time IS NOT NULL;
--> year | date | later
--> 2024 | 2024-01-06 | t

UPDATE words SET open = 1.5, close = 2, side = 'buy', action = 'none' WHERE top = 1 RETURNING open, close, side, action;
--> open | close | side | action
--> 1.5 | 2 | buy | none

SELECT open, close, side FROM words ORDER BY open NULLS LAST LIMIT 1;
--> open | close | side
--> 1.5 | 2 | buy

SELECT max(close) OVER (PARTITION BY side) AS last FROM words WHERE close > open;
--> last
--> 2

SELECT left FROM words;
--! 42601: syntax error at or near "FROM"
--~! 42703: column "left" does not exist

SELECT user IS NOT NULL AS user_is_a_function, current_date IS NOT NULL AS too;
--> user_is_a_function | too
--> t | t

SELECT select FROM words;
--! 42601: syntax error at or near "select"
--~! 42703: column "select" does not exist

CREATE TABLE select (x INTEGER);
--! 42601: syntax error at or near "select"
--~

CREATE TABLE "order" ("select" INTEGER, "from" INTEGER);

INSERT INTO "order" ("select", "from") VALUES (1, 2);

SELECT "select", "from" FROM "order" WHERE "order"."from" = 2;
--> select | from
--> 1 | 2

SELECT 1 AS select, 2 AS from, 3 AS order;
--> select | from | order
--> 1 | 2 | 3

SELECT "order" FROM "order";
--> order
--> (1,2)
