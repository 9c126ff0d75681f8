-- Class 42: what is not SQL, and what is not there
-- oracle: postgres
-- chapter: errors

SELECT * FORM t;
--! 42601: syntax error at or near "FORM"
--~! 42601: syntax error at or near "t"

SELECT 1 +;
--! 42601: syntax error at or near ";"

INSERT INTO;
--! 42601: syntax error at or near ";"

CREATE TABLE 1t (a INTEGER);
--! 42601: trailing junk after numeric literal at or near "1t"

SELECT 1 2;
--! 42601: syntax error at or near "2"

SELECT * FROM t WHERE;
--! 42601: syntax error at or near ";"

DROP;
--! 42601: syntax error at or near ";"

SELECT a.b.c.d.e;
--! 42601: improper qualified name (too many dotted names): a.b.c.d.e

SELECT nothing.x FROM (SELECT 1 AS x) AS s;
--! 42P01: missing FROM-clause entry for table "nothing"

SELECT x.nothing FROM (SELECT 1 AS x) AS s, (SELECT 2 AS y) AS x;
--! 42703: column x.nothing does not exist

SELECT nothing('x');
--! 42883: function nothing(unknown) does not exist

SELECT abs('x', 2);
--! 42883: function abs(unknown, integer) does not exist

SELECT 1 @@@ 2;
--! 42883: operator does not exist: integer @@@ integer
--~! 42883: operator does not exist: integer @@ integer

SELECT 'a' + 'b';
--! 42725: operator is not unique: unknown + unknown

SELECT true + 1;
--! 42883: operator does not exist: boolean + integer

SELECT -'a'::text;
--! 42883: operator does not exist: - text

SELECT NOT 1;
--! 42804: argument of NOT must be type boolean, not type integer

SELECT 1 AND true;
--! 42804: argument of AND must be type boolean, not type integer

SELECT 1::nothing;
--! 42704: type "nothing" does not exist

SELECT CAST('a' AS);
--! 42601: syntax error at or near ")"

SELECT '1'::integer::date;
--! 42846: cannot cast type integer to date

SELECT count(*) OVER;
--! 42601: syntax error at or near ";"

SELECT 'x' COLLATE "nothing";
--! 42704: collation "nothing" for encoding "UTF8" does not exist

SELECT 'a' COLLATE "C" < 'b' COLLATE "POSIX";
--! 42P21: collation mismatch between explicit collations "C" and "POSIX"
--~> ?column?
--~> t

SELECT 5 COLLATE "C";
--! 42804: collations are not supported by type integer
