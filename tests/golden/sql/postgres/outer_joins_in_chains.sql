-- Chains of outer joins: which rows stay, which NULLs come from where
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (id INTEGER, x TEXT);

CREATE TABLE b (id INTEGER, a INTEGER, y TEXT);

CREATE TABLE c (id INTEGER, b INTEGER, z TEXT);

INSERT INTO a VALUES (1, 'a1'), (2, 'a2'), (3, 'a3');

INSERT INTO b VALUES (10, 1, 'b10'), (11, 1, 'b11'), (12, 2, 'b12'), (13, NULL, 'b13');

INSERT INTO c VALUES (100, 10, 'c100'), (101, 12, 'c101'), (102, 99, 'c102');

SELECT x, y, z FROM a LEFT JOIN b ON b.a = a.id LEFT JOIN c ON c.b = b.id ORDER BY x, y, z;
--> x | y | z
--> a1 | b10 | c100
--> a1 | b11 | NULL
--> a2 | b12 | c101
--> a3 | NULL | NULL

SELECT x, y, z FROM a LEFT JOIN b ON b.a = a.id JOIN c ON c.b = b.id ORDER BY x, y, z;
--> x | y | z
--> a1 | b10 | c100
--> a2 | b12 | c101

SELECT x, y, z FROM a LEFT JOIN (b JOIN c ON c.b = b.id) ON b.a = a.id ORDER BY x, y, z;
--> x | y | z
--> a1 | b10 | c100
--> a2 | b12 | c101
--> a3 | NULL | NULL

SELECT x, y, z FROM a JOIN b ON b.a = a.id RIGHT JOIN c ON c.b = b.id ORDER BY z;
--> x | y | z
--> a1 | b10 | c100
--> a2 | b12 | c101
--> NULL | NULL | c102

SELECT x, y, z FROM a FULL JOIN b ON b.a = a.id FULL JOIN c ON c.b = b.id ORDER BY x, y, z;
--> x | y | z
--> a1 | b10 | c100
--> a1 | b11 | NULL
--> a2 | b12 | c101
--> a3 | NULL | NULL
--> NULL | b13 | NULL
--> NULL | NULL | c102

SELECT x, y FROM a LEFT JOIN b ON b.a = a.id AND y <> 'b10' ORDER BY x, y;
--> x | y
--> a1 | b11
--> a2 | b12
--> a3 | NULL

SELECT x, y FROM a LEFT JOIN b ON b.a = a.id WHERE y <> 'b10' ORDER BY x, y;
--> x | y
--> a1 | b11
--> a2 | b12

SELECT x, y FROM a LEFT JOIN b ON b.a = a.id WHERE y <> 'b10' OR y IS NULL ORDER BY x, y;
--> x | y
--> a1 | b11
--> a2 | b12
--> a3 | NULL

SELECT x, y FROM a LEFT JOIN b ON b.a = a.id AND a.id = 1 ORDER BY x, y;
--> x | y
--> a1 | b10
--> a1 | b11
--> a2 | NULL
--> a3 | NULL

SELECT x, z FROM a LEFT JOIN b ON b.a = a.id LEFT JOIN c ON c.b = b.id AND b.y = 'b12' ORDER BY x, z;
--> x | z
--> a1 | NULL
--> a1 | NULL
--> a2 | c101
--> a3 | NULL

SELECT x, count(y) AS bs, count(z) AS cs, count(*) AS rows FROM a LEFT JOIN b ON b.a = a.id LEFT JOIN c ON c.b = b.id GROUP BY x ORDER BY x;
--> x | bs | cs | rows
--> a1 | 2 | 1 | 2
--> a2 | 1 | 1 | 1
--> a3 | 0 | 0 | 1

SELECT x FROM a LEFT JOIN b ON b.a = a.id LEFT JOIN c ON c.b = b.id GROUP BY x HAVING count(z) = 0 ORDER BY x;
--> x
--> a3

SELECT x, coalesce(y, 'none') AS y, y IS NULL AS missing FROM a LEFT JOIN b ON b.a = a.id ORDER BY x, 2;
--> x | y | missing
--> a1 | b10 | f
--> a1 | b11 | f
--> a2 | b12 | f
--> a3 | none | t

SELECT x, y FROM a LEFT JOIN b ON true WHERE b.a = a.id OR b.a IS NULL ORDER BY x, y;
--> x | y
--> a1 | b10
--> a1 | b11
--> a1 | b13
--> a2 | b12
--> a2 | b13
--> a3 | b13

SELECT x, y FROM a LEFT JOIN b ON false ORDER BY x;
--> x | y
--> a1 | NULL
--> a2 | NULL
--> a3 | NULL

SELECT a.id, s.n FROM a LEFT JOIN (SELECT a AS id, count(*) AS n FROM b GROUP BY a) s USING (id) ORDER BY a.id;
--> id | n
--> 1 | 2
--> 2 | 1
--> 3 | NULL

SELECT a.x, p.x AS p FROM a LEFT JOIN a p ON p.id = a.id - 1 LEFT JOIN a g ON g.id = p.id - 1 WHERE g.x IS NULL ORDER BY a.x;
--> x | p
--> a1 | NULL
--> a2 | a1

SELECT x, y FROM a LEFT JOIN LATERAL (SELECT y FROM b WHERE b.a = a.id ORDER BY y DESC LIMIT 1) t ON true ORDER BY x;
--> x | y
--> a1 | b11
--> a2 | b12
--> a3 | NULL

SELECT x, EXISTS (SELECT FROM b JOIN c ON c.b = b.id WHERE b.a = a.id) AS has_c FROM a ORDER BY x;
--> x | has_c
--> a1 | t
--> a2 | t
--> a3 | f

SELECT x FROM a WHERE NOT EXISTS (SELECT FROM b LEFT JOIN c ON c.b = b.id WHERE b.a = a.id AND c.id IS NULL) ORDER BY x;
--> x
--> a2
--> a3

SELECT y, z FROM b NATURAL LEFT JOIN c ORDER BY y;
--> y | z
--> b10 | NULL
--> b11 | NULL
--> b12 | NULL
--> b13 | NULL

SELECT count(*) FROM a CROSS JOIN b LEFT JOIN c ON c.b = b.id AND a.id = 1;
--> count
--> 12
