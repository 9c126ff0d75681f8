-- LIMIT and ORDER BY within subqueries, IN, EXISTS, compounds, aggregates and changes
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, g TEXT, x INTEGER);

INSERT INTO t VALUES (1, 'a', 5), (2, 'a', 9), (3, 'b', 1), (4, 'b', 7), (5, 'c', NULL), (6, 'a', 2);

SELECT sum(x) AS top_two FROM (SELECT x FROM t ORDER BY x DESC LIMIT 2);
--> top_two
--> 16

SELECT id FROM t WHERE x IN (SELECT x FROM t ORDER BY x DESC LIMIT 2) ORDER BY id;
--> id
--> 2
--> 4

SELECT id FROM t WHERE id IN (SELECT id FROM t ORDER BY id LIMIT 2 OFFSET 3) ORDER BY id;
--> id
--> 4
--> 5

SELECT g, (SELECT x FROM t i WHERE i.g = o.g ORDER BY x DESC LIMIT 1 OFFSET 1) AS second FROM (SELECT DISTINCT g FROM t) o ORDER BY g;
--> g | second
--> a | 5
--> b | 1
--> c | NULL

SELECT EXISTS (SELECT 1 FROM t LIMIT 0) AS none, EXISTS (SELECT 1 FROM t LIMIT 1 OFFSET 5) AS sixth, EXISTS (SELECT 1 FROM t LIMIT 1 OFFSET 6) AS seventh;
--> none | sixth | seventh
--> 0 | 1 | 0

SELECT * FROM (SELECT id FROM t ORDER BY id LIMIT 2) UNION ALL SELECT * FROM (SELECT id FROM t ORDER BY id DESC LIMIT 2) ORDER BY 1;
--> id
--> 1
--> 2
--> 5
--> 6

SELECT count(*) AS n, group_concat(id) AS ids FROM (SELECT id FROM t ORDER BY x DESC, id LIMIT 3);
--> n | ids
--> 3 | 2,4,1

SELECT id FROM (SELECT id, x FROM t ORDER BY x LIMIT 4) ORDER BY x DESC LIMIT 2;
--> id
--> 1
--> 6

SELECT a.id, b.id AS other FROM (SELECT id FROM t ORDER BY id LIMIT 2) a, (SELECT id FROM t ORDER BY id DESC LIMIT 1) b ORDER BY 1;
--> id | other
--> 1 | 6
--> 2 | 6

SELECT id FROM t ORDER BY id LIMIT (SELECT count(*) FROM t WHERE g = 'a') OFFSET (SELECT 1);
--> id
--> 2
--> 3
--> 4

SELECT id FROM t ORDER BY id LIMIT 2 + 1 OFFSET 2 * 1;
--> id
--> 3
--> 4
--> 5

SELECT id FROM t ORDER BY id LIMIT NULL;
--! datatype mismatch

SELECT id FROM t WHERE x > (SELECT avg(x) FROM (SELECT x FROM t ORDER BY id LIMIT 3)) ORDER BY id;
--> id
--> 2
--> 4

SELECT g, max(x) AS x FROM t GROUP BY g ORDER BY x DESC LIMIT 1;
--> g | x
--> a | 9

SELECT DISTINCT g FROM t ORDER BY g DESC LIMIT 2;
--> g
--> c
--> b

SELECT id, row_number() OVER (ORDER BY x) AS n FROM t ORDER BY n LIMIT 2;
--> id | n
--> 5 | 1
--> 3 | 2

WITH f AS (SELECT id FROM t ORDER BY x DESC LIMIT 1) SELECT t.id FROM t JOIN f ON t.id >= f.id ORDER BY 1;
--> id
--> 2
--> 3
--> 4
--> 5
--> 6

UPDATE t SET x = 0 WHERE id IN (SELECT id FROM t WHERE x IS NOT NULL ORDER BY x LIMIT 2);

SELECT id FROM t WHERE x = 0 ORDER BY id;
--> id
--> 3
--> 6

DELETE FROM t WHERE id IN (SELECT id FROM t ORDER BY id DESC LIMIT 2);

SELECT group_concat(id ORDER BY id) AS rest FROM t;
--> rest
--> 1,2,3,4

INSERT INTO t SELECT id + 10, g, x FROM t ORDER BY id LIMIT 1 RETURNING id;
--> id
--> 11
