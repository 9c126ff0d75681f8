-- Collations
-- oracle: postgres
-- chapter: types

CREATE TABLE t (a TEXT COLLATE "C", b TEXT);

INSERT INTO t VALUES ('b', 'b'), ('B', 'B'), ('a', 'a');

SELECT a FROM t ORDER BY a;
--> a
--> B
--> a
--> b

SELECT b FROM t ORDER BY b COLLATE "C" DESC;
--> b
--> b
--> a
--> B

SELECT a < 'a' AS less, 'Z' < 'a' COLLATE "C" AS upper_first FROM t ORDER BY a LIMIT 1;
--> less | upper_first
--> t | t

SELECT max(a), min(a) FROM t;
--> max | min
--> b | B

SELECT a FROM t WHERE a > 'B' ORDER BY a COLLATE "POSIX";
--> a
--> a
--> b

SELECT a || b COLLATE "nothing" FROM t;
--! 42704: collation "nothing" for encoding "UTF8" does not exist

SELECT collation for (a) FROM t LIMIT 1;
--> pg_collation_for
--> "C"
--~! 42601: syntax error at or near "("

SELECT 'a' < ('b' COLLATE "C") AS explicit, lower('A' COLLATE "C") AS l;
--> explicit | l
--> t | a

CREATE COLLATION mine FROM "C";
--~! 0A000: CREATE COLLATION mine is not supported

SELECT 1 COLLATE "C";
--! 42804: collations are not supported by type integer
