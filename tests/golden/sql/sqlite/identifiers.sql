-- Quotes of names
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE "my table" ("a column" INTEGER, [b c] TEXT, `d` TEXT, "select" INTEGER);

INSERT INTO "my table" VALUES (1, 'two', 'three', 4);

SELECT "a column", [b c], `d`, "select" FROM [my table];
--> a column | b c | d | select
--> 1 | two | three | 4

SELECT "A COLUMN" FROM "MY TABLE";
--> a column
--> 1

SELECT "no such column" FROM "my table";
--> "no such column"
--> no such column

SELECT 'd' FROM "my table";
--> 'd'
--> d

SELECT "my table"."d" FROM "my table";
--> d
--> three

SELECT name FROM sqlite_schema;
--> name
--> my table

CREATE TABLE 'quoted name' (x);

SELECT name FROM sqlite_schema ORDER BY name;
--> name
--> my table
--> quoted name

SELECT 1 AS 'a b', 2 AS "c""d";
--> a b | c"d
--> 1 | 2

CREATE TABLE 1t (x);
--! unrecognized token: "1t"

CREATE TABLE select (x);
--! near "select": syntax error

CREATE TABLE sqlite_mine (x);
--! object name reserved for internal use: sqlite_mine
