-- What WHERE takes
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (a INTEGER, b BOOLEAN, s TEXT);

INSERT INTO t VALUES (1, true, 'x'), (2, false, 'y'), (3, NULL, NULL);

SELECT a FROM t WHERE b;
--> a
--> 1

SELECT a FROM t WHERE NOT b;
--> a
--> 2

SELECT a FROM t WHERE b IS NOT TRUE ORDER BY a;
--> a
--> 2
--> 3

SELECT a FROM t WHERE a;
--! 42804: argument of WHERE must be type boolean, not type integer

SELECT a FROM t WHERE NULL;
--> a

SELECT a FROM t WHERE 'true' ORDER BY a;
--> a
--> 1
--> 2
--> 3

SELECT a FROM t WHERE s <> 'x' ORDER BY a;
--> a
--> 2

SELECT a FROM t WHERE s IS DISTINCT FROM 'x' ORDER BY a;
--> a
--> 2
--> 3

SELECT a FROM t WHERE s = s ORDER BY a;
--> a
--> 1
--> 2

SELECT a FROM t WHERE b = b OR b IS NULL ORDER BY a;
--> a
--> 1
--> 2
--> 3

SELECT a FROM t WHERE a > 1 AND (b OR s IS NULL) ORDER BY a;
--> a
--> 3

SELECT a FROM t WHERE a + 0 BETWEEN 2 AND 3 ORDER BY a;
--> a
--> 2
--> 3

SELECT a FROM t WHERE (a, s) = (2, 'y');
--> a
--> 2

SELECT a FROM t WHERE (a, s) < (2, 'z') ORDER BY a;
--> a
--> 1
--> 2

SELECT a FROM t WHERE a = '2';
--> a
--> 2

SELECT a FROM t WHERE a = 'x';
--! 22P02: invalid input syntax for type integer: "x"

SELECT a FROM t WHERE a = 2.0;
--> a
--> 2

SELECT a FROM t WHERE a > 99999999999 OR a < 1.5;
--> a
--> 1

SELECT a FROM t WHERE s LIKE '%' ORDER BY a;
--> a
--> 1
--> 2

SELECT a FROM t WHERE a = ALL ('{}') ORDER BY a;
--> a
--> 1
--> 2
--> 3
