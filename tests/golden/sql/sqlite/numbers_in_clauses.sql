-- Numbers in hexadecimal, and numbers and collations in ORDER BY, GROUP BY and LIMIT
-- oracle: sqlite
-- chapter: queries

SELECT 0x1F AS number, typeof(0x1F) AS type, -0x10 AS negative, x'1F' AS bytes, 1_000 AS grouped;
--> number | type | negative | bytes | grouped
--> 31 | integer | -16 | x'1f' | 1000

CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);

INSERT INTO t VALUES (1, 'b'), (2, 'A'), (0x3, 'a'), (4, 'B');

SELECT b, a FROM t ORDER BY 1 COLLATE NOCASE, 2 DESC;
--> b | a
--> a | 3
--> A | 2
--> B | 4
--> b | 1

SELECT b, a FROM t ORDER BY 1 COLLATE BINARY DESC;
--> b | a
--> b | 1
--> a | 3
--> B | 4
--> A | 2

SELECT b FROM t ORDER BY 3 COLLATE NOCASE;
--! 1st ORDER BY term out of range - should be between 1 and 1

SELECT count(*) AS n FROM t GROUP BY .5;
--> n
--> 4

SELECT a FROM t ORDER BY 1.5, a LIMIT '2';
--> a
--> 1
--> 2

SELECT a FROM t ORDER BY a LIMIT 1.0 OFFSET '1.0';
--> a
--> 2

SELECT a FROM t LIMIT '1.5';
--! datatype mismatch
