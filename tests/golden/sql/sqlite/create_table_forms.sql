-- CREATE TABLE: types, defaults, AS
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, a "a type of several words", b UNSIGNED BIGINT, c DECIMAL(10,5), d);

SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('t') ORDER BY cid;
--> name | type | notnull | dflt_value | pk
--> id | INTEGER | 0 | NULL | 1
--> a | a type of several words | 0 | NULL | 0
--> b | UNSIGNED BIGINT | 0 | NULL | 0
--> c | DECIMAL(10,5) | 0 | NULL | 0
--> d |  | 0 | NULL | 0

CREATE TABLE t (x);
--! table t already exists

CREATE TABLE IF NOT EXISTS t (x);

CREATE TABLE u (a, a);
--! duplicate column name: a

CREATE TABLE u ();
--! near ")": syntax error

CREATE TABLE q (a DEFAULT b);
--~! cannot use column reference in DEFAULT expression

CREATE TABLE u (a DEFAULT 'x', b DEFAULT -1, c DEFAULT (abs(-2)), d DEFAULT NULL, e DEFAULT TRUE);

INSERT INTO u DEFAULT VALUES;

SELECT * FROM u;
--> a | b | c | d | e
--> x | -1 | 2 | NULL | 1

CREATE TABLE v AS SELECT 1 AS n, 'x' AS s, 1.5 AS r, a FROM u;

SELECT * FROM v;
--> n | s | r | a
--> 1 | x | 1.5 | x

SELECT sql FROM sqlite_schema WHERE name = 'u';
--> sql
--> CREATE TABLE u (a DEFAULT 'x', b DEFAULT -1, c DEFAULT (abs(-2)), d DEFAULT NULL, e DEFAULT TRUE)

CREATE TABLE w (a PRIMARY KEY, b PRIMARY KEY);
--! table "w" has more than one primary key

CREATE TABLE w (a, PRIMARY KEY (nothing_here));
--! no such column: nothing_here
--~! table w has no column named nothing_here

CREATE TABLE w (a CHECK (b > 1));
--! no such column: b

CREATE TABLE w (a, b, UNIQUE (a, b), PRIMARY KEY (b, a));

SELECT name, pk FROM pragma_table_info('w') ORDER BY cid;
--> name | pk
--> a | 2
--> b | 1

CREATE TEMP TABLE tmp (x);

INSERT INTO tmp VALUES (1);

SELECT x FROM temp.tmp;
--> x
--> 1
--~! no such table: temp.tmp

DROP TABLE tmp;

SELECT x FROM tmp;
--! no such table: tmp
