-- EXISTS, IN and scalar subqueries: NULLs, several columns, several rows
-- oracle: sqlite
-- chapter: queries

CREATE TABLE a (x INTEGER);

CREATE TABLE b (x INTEGER, y TEXT);

INSERT INTO a VALUES (1), (2), (3), (NULL);

INSERT INTO b VALUES (1, 'one'), (1, 'uno'), (3, NULL), (NULL, 'none');

SELECT x, x IN (SELECT x FROM b) AS found, x NOT IN (SELECT x FROM b) AS missing FROM a ORDER BY x;
--> x | found | missing
--> NULL | NULL | NULL
--> 1 | 1 | 0
--> 2 | NULL | NULL
--> 3 | 1 | 0

SELECT x, EXISTS (SELECT 1 FROM b WHERE b.x = a.x) AS there, NOT EXISTS (SELECT 1 FROM b WHERE b.x = a.x) AS gone FROM a ORDER BY x;
--> x | there | gone
--> NULL | 0 | 1
--> 1 | 1 | 0
--> 2 | 0 | 1
--> 3 | 1 | 0

SELECT x, (SELECT y FROM b WHERE b.x = a.x ORDER BY y DESC) AS first FROM a ORDER BY x;
--> x | first
--> NULL | NULL
--> 1 | uno
--> 2 | NULL
--> 3 | NULL

SELECT x, (SELECT count(*) FROM b WHERE b.x IS a.x) AS n FROM a ORDER BY x;
--> x | n
--> NULL | 1
--> 1 | 2
--> 2 | 0
--> 3 | 1

SELECT x FROM a WHERE x = (SELECT max(x) FROM b);
--> x
--> 3

SELECT x FROM a WHERE x > (SELECT x FROM b WHERE 0);
--> x

SELECT x FROM a WHERE (x, 'one') IN (SELECT x, y FROM b);
--> x
--> 1

SELECT x FROM a WHERE (x, 'none') NOT IN (SELECT x, y FROM b) ORDER BY x;
--> x

SELECT EXISTS (SELECT NULL) AS null_row, EXISTS (SELECT 1 WHERE 0) AS none, (SELECT NULL) IS NULL AS null_scalar, EXISTS (SELECT count(*) FROM b WHERE 0) AS of_aggregate;
--> null_row | none | null_scalar | of_aggregate
--> 1 | 0 | 1 | 1

SELECT x IN (1, NULL) AS list_with_null, x IN (NULL) AS only_null, x IN () AS empty, x NOT IN () AS not_empty FROM a ORDER BY x;
--> list_with_null | only_null | empty | not_empty
--> NULL | NULL | 0 | 1
--> 1 | NULL | 0 | 1
--> NULL | NULL | 0 | 1
--> NULL | NULL | 0 | 1

SELECT 1 IN (SELECT 1 UNION SELECT 2) AS of_compound, 3 IN (VALUES (1), (3)) AS of_values, '1' IN (SELECT x FROM a) AS text_in, '1' IN (1, 2) AS text_list;
--> of_compound | of_values | text_in | text_list
--> 1 | 1 | 1 | 0

SELECT (SELECT sum(x) FROM a) / (SELECT count(x) FROM a) AS mean, (SELECT x FROM a ORDER BY x DESC LIMIT 1 OFFSET 1) AS second;
--> mean | second
--> 2 | 2

SELECT a.x, t.n FROM a LEFT JOIN (SELECT x, count(*) AS n FROM b GROUP BY x) t ON t.x = a.x ORDER BY a.x;
--> x | n
--> NULL | NULL
--> 1 | 2
--> 2 | NULL
--> 3 | 1

SELECT x FROM a WHERE x IN (SELECT x FROM b WHERE b.y > a.x || '') ORDER BY x;
--> x
--> 1

SELECT max((SELECT count(*) FROM b WHERE b.x = a.x)) AS most FROM a;
--> most
--> 2

SELECT x FROM a ORDER BY (SELECT count(*) FROM b WHERE b.x = a.x) DESC, x LIMIT 2;
--> x
--> 1
--> 3

SELECT (SELECT y FROM b WHERE b.x = a.x LIMIT 1) AS y, count(*) AS n FROM a GROUP BY 1 ORDER BY 1;
--> y | n
--> NULL | 3
--> one | 1

SELECT x FROM a GROUP BY x HAVING x >= (SELECT avg(x) FROM a) ORDER BY x;
--> x
--> 2
--> 3

DELETE FROM a WHERE x NOT IN (SELECT x FROM b);

SELECT count(*) AS nothing_gone FROM a;
--> nothing_gone
--> 4

DELETE FROM a WHERE x NOT IN (SELECT x FROM b WHERE x IS NOT NULL);

SELECT x FROM a ORDER BY x;
--> x
--> NULL
--> 1
--> 3
