-- Where the name of an output column may be used, and what it hides
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (x INTEGER, y INTEGER, g TEXT);

INSERT INTO t VALUES (1, 30, 'a'), (2, 20, 'b'), (3, 10, 'a');

SELECT x + 1 AS z FROM t WHERE z > 2;
--! 42703: column "z" does not exist

SELECT x + 1 AS z FROM t GROUP BY z ORDER BY z;
--> z
--> 2
--> 3
--> 4

SELECT x % 2 AS k, sum(y) AS s FROM t GROUP BY k HAVING s > 20;
--! 42703: column "s" does not exist

SELECT x % 2 AS k, sum(y) AS s FROM t GROUP BY k HAVING sum(y) > 20 ORDER BY k;
--> k | s
--> 1 | 40

SELECT x AS y, y AS x FROM t ORDER BY x;
--> y | x
--> 3 | 10
--> 2 | 20
--> 1 | 30

SELECT x AS y FROM t ORDER BY y;
--> y
--> 1
--> 2
--> 3

SELECT x AS y FROM t ORDER BY y + 0;
--> y
--> 3
--> 2
--> 1

SELECT x AS y FROM t ORDER BY -y;
--> y
--> 1
--> 2
--> 3

SELECT x AS z FROM t ORDER BY z + 0;
--! 42703: column "z" does not exist

SELECT upper(g) AS g, count(*) AS n FROM t GROUP BY g ORDER BY g;
--> g | n
--> A | 2
--> B | 1

SELECT y / 20 AS y, count(*) AS n FROM t GROUP BY y ORDER BY 1, 2;
--> y | n
--> 0 | 1
--> 1 | 1
--> 1 | 1

SELECT y / 20 AS y, count(*) AS n FROM t GROUP BY 1 ORDER BY 1;
--> y | n
--> 0 | 1
--> 1 | 2

SELECT x AS a, a + 1 AS b FROM t;
--! 42703: column "a" does not exist

SELECT t.x AS g FROM t ORDER BY t.g, g;
--> g
--> 1
--> 3
--> 2

SELECT x AS "X y" FROM t ORDER BY "X y" DESC;
--> X y
--> 3
--> 2
--> 1

SELECT x AS v FROM t UNION SELECT y FROM t ORDER BY v DESC LIMIT 2;
--> v
--> 30
--> 20

SELECT sum(x) OVER (ORDER BY x) AS s FROM t ORDER BY s DESC;
--> s
--> 6
--> 3
--> 1

SELECT x AS k, sum(y) OVER (ORDER BY k) AS s FROM t;
--! 42703: column "k" does not exist

SELECT count(*) AS c, g FROM t GROUP BY g ORDER BY c DESC, g;
--> c | g
--> 2 | a
--> 1 | b

SELECT x AS a, y AS a FROM t ORDER BY a;
--! 42702: ORDER BY "a" is ambiguous

SELECT x AS a, x AS a FROM t ORDER BY a LIMIT 1;
--> a | a
--> 1 | 1

SELECT DISTINCT g AS k FROM t ORDER BY k;
--> k
--> a
--> b

SELECT DISTINCT ON (k) g AS k, x FROM t ORDER BY k, x DESC;
--> k | x
--> a | 3
--> b | 2

SELECT k FROM (SELECT g AS k FROM t) s WHERE k = 'b';
--> k
--> b

SELECT g AS k FROM t WHERE g IN (SELECT k FROM t);
--! 42703: column "k" does not exist

SELECT u.x FROM t AS u WHERE t.x > 1;
--! 42P01: invalid reference to FROM-clause entry for table "t"

UPDATE t AS u SET x = u.x + 10 WHERE u.g = 'b' RETURNING u.x AS now, x - 10 AS before;
--> now | before
--> 12 | 2

DELETE FROM t AS u WHERE t.g = 'b';
--! 42P01: invalid reference to FROM-clause entry for table "t"

DELETE FROM t AS u WHERE u.g = 'b' RETURNING u.x AS gone;
--> gone
--> 12
