-- EXISTS beside OR, NOT, CASE and aggregates; IN of rows; ANY and ALL of queries
-- oracle: postgres
-- chapter: queries

CREATE TABLE o (id INTEGER, kind TEXT);

CREATE TABLE i (o INTEGER, n INTEGER);

INSERT INTO o VALUES (1, 'a'), (2, 'b'), (3, 'a'), (4, NULL);

INSERT INTO i VALUES (1, 10), (1, 20), (2, 5), (NULL, 7);

SELECT id FROM o WHERE EXISTS (SELECT FROM i WHERE i.o = o.id AND n > 15) OR kind = 'b' ORDER BY id;
--> id
--> 1
--> 2

SELECT id FROM o WHERE NOT (EXISTS (SELECT FROM i WHERE i.o = o.id) AND kind = 'a') ORDER BY id;
--> id
--> 2
--> 3
--> 4

SELECT id FROM o WHERE EXISTS (SELECT FROM i WHERE i.o = o.id) = (kind = 'a') ORDER BY id;
--> id
--> 1

SELECT id, CASE WHEN EXISTS (SELECT FROM i WHERE i.o = o.id AND n > 15) THEN 'large' WHEN EXISTS (SELECT FROM i WHERE i.o = o.id) THEN 'small' ELSE 'none' END AS size FROM o ORDER BY id;
--> id | size
--> 1 | large
--> 2 | small
--> 3 | none
--> 4 | none

SELECT id FROM o WHERE EXISTS (SELECT count(*) FROM i WHERE i.o = o.id) ORDER BY id;
--> id
--> 1
--> 2
--> 3
--> 4

SELECT id FROM o WHERE EXISTS (SELECT 1 FROM i WHERE i.o = o.id HAVING count(*) > 1);
--> id
--> 1

SELECT id FROM o WHERE EXISTS (SELECT 1 FROM i WHERE i.o = o.id OFFSET 1);
--> id
--> 1

SELECT id FROM o WHERE EXISTS (SELECT 1 FROM i WHERE i.o = o.id LIMIT 0);
--> id

SELECT id FROM o WHERE EXISTS (SELECT FROM i WHERE i.o = o.id UNION ALL SELECT FROM i WHERE i.n = o.id + 3) ORDER BY id;
--> id
--> 1
--> 2
--> 4

SELECT id FROM o WHERE id IN (SELECT o FROM i) OR kind IS NULL ORDER BY id;
--> id
--> 1
--> 2
--> 4

SELECT id FROM o WHERE id NOT IN (SELECT o FROM i WHERE o IS NOT NULL) AND kind = 'a';
--> id
--> 3

SELECT id FROM o WHERE (id, kind) IN ((1, 'a'), (2, 'x'), (4, NULL)) ORDER BY id;
--> id
--> 1

SELECT id FROM o WHERE (id, 10) IN (SELECT o, n FROM i);
--> id
--> 1

SELECT id FROM o WHERE (id, 10) NOT IN (SELECT o, n FROM i) ORDER BY id;
--> id
--> 2
--> 3
--> 4

SELECT id FROM o WHERE id < ALL (SELECT n FROM i) AND id > ANY (SELECT o FROM i) ORDER BY id;
--> id
--> 2
--> 3
--> 4

SELECT id FROM o WHERE id = ALL (SELECT o FROM i WHERE n > 100) ORDER BY id;
--> id
--> 1
--> 2
--> 3
--> 4

SELECT id FROM o WHERE 20 = (SELECT max(n) FROM i WHERE i.o = o.id);
--> id
--> 1

SELECT id, (SELECT max(n) FROM i WHERE i.o = o.id) IS NULL AS without FROM o ORDER BY id;
--> id | without
--> 1 | f
--> 2 | f
--> 3 | t
--> 4 | t

SELECT id FROM o ORDER BY EXISTS (SELECT FROM i WHERE i.o = o.id) DESC, id;
--> id
--> 1
--> 2
--> 3
--> 4

SELECT EXISTS (SELECT FROM i WHERE i.o = o.id) AS there, count(*) AS n FROM o GROUP BY 1 ORDER BY 1;
--> there | n
--> f | 2
--> t | 2

SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM i WHERE i.o = o.id)) AS with_items FROM o;
--> with_items
--> 2

SELECT id FROM o WHERE EXISTS (SELECT FROM o x WHERE x.kind = o.kind AND x.id <> o.id AND EXISTS (SELECT FROM i WHERE i.o = x.id)) ORDER BY id;
--> id
--> 3

SELECT id FROM o WHERE id IN (SELECT o.id + 0 FROM i WHERE i.n = 5) ORDER BY id;
--> id
--> 1
--> 2
--> 3
--> 4

DELETE FROM o WHERE NOT EXISTS (SELECT FROM i WHERE i.o = o.id) AND kind IS NULL RETURNING id;
--> id
--> 4

UPDATE o SET kind = 'c' WHERE id IN (SELECT o FROM i GROUP BY o HAVING sum(n) > 20) RETURNING id, kind;
--> id | kind
--> 1 | c
