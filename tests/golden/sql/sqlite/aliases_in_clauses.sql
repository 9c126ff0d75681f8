-- Where the name of an output column may be used: WHERE, GROUP BY, HAVING, ORDER BY
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (x INTEGER, y INTEGER, g TEXT);

INSERT INTO t VALUES (1, 30, 'a'), (2, 20, 'b'), (3, 10, 'a');

SELECT x + 1 AS z FROM t WHERE z > 2 ORDER BY z;
--> z
--> 3
--> 4

SELECT x AS w FROM t WHERE w IN (1, 3) AND w + 0 > 1;
--> w
--> 3

SELECT abs(x - 2) AS d, x FROM t WHERE d = 1 ORDER BY x;
--> d | x
--> 1 | 1
--> 1 | 3

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

SELECT upper(g) AS g, count(*) AS n FROM t GROUP BY g ORDER BY g;
--> g | n
--> A | 2
--> B | 1

SELECT y / 20 AS y, count(*) AS n FROM t GROUP BY y ORDER BY 1, 2;
--> y | n
--> 0 | 1
--> 1 | 1
--> 1 | 1

SELECT x % 2 AS k, sum(y) AS s FROM t GROUP BY k HAVING s > 20 AND k = 1;
--> k | s
--> 1 | 40

SELECT max(x) AS m FROM t HAVING m > 1;
--> m
--> 3

SELECT x AS a, a + 1 AS b FROM t WHERE x = 1;
--! no such column: a

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

SELECT x AS z FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.x = z + 1) ORDER BY z;
--> z
--> 1
--> 2

SELECT x AS y FROM t WHERE y = 10;
--> y
--> 3

SELECT count(*) AS c, g FROM t GROUP BY g ORDER BY c DESC, g;
--> c | g
--> 2 | a
--> 1 | b

SELECT x, x FROM t ORDER BY x LIMIT 1;
--> x | x
--> 1 | 1

SELECT sum(y) AS s FROM t WHERE s > 1;
--! misuse of aggregate: sum()

SELECT x AS k FROM t GROUP BY k HAVING k > 1 ORDER BY k DESC;
--> k
--> 3
--> 2

SELECT k FROM (SELECT g AS k FROM t) WHERE k = 'b';
--> k
--> b

SELECT [x] + 1 AS [n m] FROM t WHERE [n m] = 2;
--> n m
--> 2

SELECT x FROM t AS u WHERE u.x > 2;
--> x
--> 3

SELECT x FROM t AS u WHERE t.x > 2;
--! no such column: t.x
