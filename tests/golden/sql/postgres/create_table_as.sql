-- CREATE TABLE AS
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t AS SELECT n AS id, 'x' || n AS name, n * 1.5 AS price FROM generate_series(1, 2) n;

SELECT *, pg_typeof(id), pg_typeof(name), pg_typeof(price) FROM t ORDER BY id;
--> id | name | price | pg_typeof | pg_typeof | pg_typeof
--> 1 | x1 | 1.5 | integer | text | numeric
--> 2 | x2 | 3.0 | integer | text | numeric

CREATE TABLE renamed (a, b) AS SELECT 1, 2;

SELECT b FROM renamed;
--> b
--> 2

CREATE TABLE fewer (a) AS SELECT 1, 2;

SELECT * FROM fewer;
--> a | ?column?
--> 1 | 2

CREATE TABLE more (a, b, c) AS SELECT 1, 2;
--! 42601: too many column names were specified

CREATE TABLE empty AS SELECT * FROM t WITH NO DATA;

SELECT count(*) FROM empty;
--> count
--> 0

CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS other;

CREATE TABLE t AS SELECT 1 AS other;
--! 42P07: relation "t" already exists

CREATE TABLE v AS VALUES (1, 'a'), (2, 'b');

SELECT column2 FROM v ORDER BY column1;
--> column2
--> a
--> b

CREATE TABLE e AS EXECUTE nothing;
--! 26000: prepared statement "nothing" does not exist
--~! 42601: syntax error at or near "EXECUTE"

PREPARE p (INTEGER) AS SELECT $1 AS n;

CREATE TABLE e AS EXECUTE p(5);
--~! 42601: syntax error at or near "EXECUTE"

SELECT n FROM e;
--> n
--> 5
--~! 42P01: relation "e" does not exist

CREATE TABLE twice AS SELECT 1 AS a, 2 AS a;
--! 42701: column "a" specified more than once
