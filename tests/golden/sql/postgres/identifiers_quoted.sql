-- Names are folded to lower case, unless in quotes
-- oracle: postgres
-- chapter: lexical

CREATE TABLE "Order" ("Symbol" TEXT, side TEXT, "two words" INTEGER, "a""b" INTEGER);

INSERT INTO "Order" VALUES ('upper', 'lower', 2, 3);

SELECT "Symbol", SIDE, "two words", "a""b" FROM "Order";
--> Symbol | side | two words | a"b
--> upper | lower | 2 | 3

CREATE TABLE two_cases ("A" INTEGER, a INTEGER);
--~! 42701: column "a" specified more than once

SELECT * FROM Order;
--! 42601: syntax error at or near "Order"
--~> Symbol | side | two words | a"b
--~> upper | lower | 2 | 3

SELECT Symbol FROM "order";
--! 42P01: relation "order" does not exist
--~> symbol
--~> upper

SELECT "symbol" FROM "Order";
--! 42703: column "symbol" does not exist
--~> symbol
--~> upper

SELECT "side" AS "Mixed Case", "Symbol" AS Folded FROM "Order";
--> Mixed Case | folded
--> lower | upper

SELECT U&"d\0061ta" FROM (SELECT 1 AS data) AS s;
--> data
--> 1

SELECT "" FROM "Order";
--! 42601: zero-length delimited identifier at or near """"

SELECT 1 AS select;
--> select
--> 1

SELECT 1 AS "select", 2 AS value, 3 type;
--> select | value | type
--> 1 | 2 | 3
