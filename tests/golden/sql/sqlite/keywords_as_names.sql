-- Words of SQL that are names all the same, and those that are not
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE "order" ("select" INTEGER, "group" TEXT);

INSERT INTO "order" VALUES (1, 'a'), (2, 'b');

SELECT "select", "group" FROM "order" ORDER BY "select";
--> select | group
--> 1 | a
--> 2 | b

SELECT [select], `group` FROM [order] WHERE "order"."select" = 2;
--> select | group
--> 2 | b

SELECT select FROM "order";
--! near "select": syntax error
--~> select
--~> 1
--~> 2

CREATE TABLE key (row INTEGER, value TEXT, action TEXT, first INTEGER, last INTEGER, plan TEXT);

INSERT INTO key VALUES (1, 'v', 'act', 3, 4, 'p');

SELECT row, value, action, first, last, plan FROM key;
--> row | value | action | first | last | plan
--> 1 | v | act | 3 | 4 | p

SELECT key.row + 1 AS next FROM key WHERE value = 'v';
--> next
--> 2

SELECT 1 AS after, 2 AS before, 3 AS query, 4 AS view, 5 AS temp, 6 AS match;
--> after | before | query | view | temp | match
--> 1 | 2 | 3 | 4 | 5 | 6

SELECT 1 AS "from", 2 AS [where], 3 AS `by`, 4 AS 'quoted';
--> from | where | by | quoted
--> 1 | 2 | 3 | 4

SELECT 1 from_here;
--> from_here
--> 1

SELECT 1 from, 2;
--! near ",": syntax error

SELECT x'41' AS x, 'x' AS e, 1 AS n FROM (SELECT 1 AS x);
--> x | e | n
--> x'41' | x | 1

CREATE TABLE t (replace INTEGER, "default" INTEGER DEFAULT 5, like TEXT);

INSERT INTO t (replace, like) VALUES (1, 'l');

SELECT replace, "default", like FROM t;
--> replace | default | like
--> 1 | 5 | l

SELECT replace('abc', 'b', replace) AS called, like('l%', like) AS matched FROM t;
--> called | matched
--> a1c | 1

CREATE TABLE table (x INTEGER);
--! near "table": syntax error

CREATE TABLE "a""b" ("c d" INTEGER);

INSERT INTO "a""b" VALUES (7);

SELECT "c d" FROM "a""b";
--> c d
--> 7

SELECT NAME FROM SQLITE_SCHEMA WHERE Name = 'key';
--> name
--> key

SELECT Row, VALUE FROM KEY WHERE kEy.Row = 1;
--> row | value
--> 1 | v
