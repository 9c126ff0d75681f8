-- What is one key twice: integers and reals, texts by collation, blobs, NULLs
-- oracle: sqlite
-- chapter: constraints

CREATE TABLE v (k UNIQUE);

INSERT INTO v VALUES (1), ('1'), (x'31'), ('a'), ('A'), (NULL), (NULL), (1.5);

INSERT INTO v VALUES (1.0);
--! UNIQUE constraint failed: v.k

INSERT INTO v VALUES ('a');
--! UNIQUE constraint failed: v.k

INSERT INTO v VALUES (x'31');
--! UNIQUE constraint failed: v.k

INSERT INTO v VALUES (NULL);

SELECT count(*) AS n, count(k) AS known FROM v;
--> n | known
--> 9 | 6

SELECT quote(k) AS k FROM v WHERE k = 1;
--> k
--> 1

SELECT quote(k) AS k FROM v WHERE k = '1';
--> k
--> '1'

SELECT quote(k) AS k FROM v WHERE k > 1 AND k < 'A' ORDER BY v.k;
--> k
--> 1.5
--> '1'

SELECT quote(k) AS k FROM v WHERE k IN (1, 'a', x'31') ORDER BY k;
--> k
--> 'a'
--> 1
--> X'31'

CREATE TABLE i (k INTEGER PRIMARY KEY, n TEXT);

INSERT INTO i VALUES (1, 'one'), ('2', 'two'), (3.0, 'three');

INSERT INTO i VALUES ('x', 'none');
--! datatype mismatch

INSERT INTO i VALUES (4.5, 'none');
--! datatype mismatch

INSERT INTO i VALUES ('3', 'again');
--! UNIQUE constraint failed: i.k

SELECT k, typeof(k) AS type, n FROM i ORDER BY k;
--> k | type | n
--> 1 | integer | one
--> 2 | integer | two
--> 3 | integer | three

SELECT n FROM i WHERE k = '2';
--> n
--> two

SELECT n FROM i WHERE k = 2.0;
--> n
--> two

SELECT n FROM i WHERE k > 1.5 ORDER BY k;
--> n
--> two
--> three

SELECT n FROM i WHERE k < '3' ORDER BY k;
--> n
--> one
--> two

SELECT n FROM i WHERE k = 'x';
--> n

SELECT n FROM i WHERE k IN ('1', 3.0) ORDER BY k;
--> n
--> one
--> three

CREATE TABLE t (k TEXT PRIMARY KEY, c TEXT COLLATE NOCASE UNIQUE, r TEXT COLLATE RTRIM UNIQUE);

INSERT INTO t VALUES ('a', 'Abc', 'x'), ('A', 'abd', 'y'), ('1', NULL, NULL);

INSERT INTO t VALUES ('b', 'ABC', 'z');
--! UNIQUE constraint failed: t.c

INSERT INTO t VALUES ('b', 'new', 'x   ');
--! UNIQUE constraint failed: t.r

INSERT INTO t VALUES (1, 'new', 'z');
--! UNIQUE constraint failed: t.k

SELECT k FROM t WHERE c = 'ABD';
--> k
--> A

SELECT k FROM t WHERE r = 'x  ';
--> k
--> a

SELECT k FROM t WHERE k = 1;
--> k
--> 1

SELECT k FROM t WHERE c LIKE 'ab%' ORDER BY k;
--> k
--> A
--> a

SELECT k FROM t WHERE c > 'ABC' AND c < 'ZZZ' ORDER BY k;
--> k
--> A
