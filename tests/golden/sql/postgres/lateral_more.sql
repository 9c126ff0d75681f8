-- LATERAL with functions, groups and outer joins
-- oracle: postgres
-- chapter: queries

CREATE TABLE baskets (id INTEGER, items TEXT[]);

INSERT INTO baskets VALUES (1, '{a,b}'), (2, '{}'), (3, NULL);

SELECT id, item FROM baskets, unnest(items) AS item ORDER BY id, item;
--> id | item
--> 1 | a
--> 1 | b

SELECT id, item FROM baskets LEFT JOIN unnest(items) AS item ON true ORDER BY id, item;
--> id | item
--> 1 | a
--> 1 | b
--> 2 | NULL
--> 3 | NULL

SELECT b.id, s.n FROM baskets b, LATERAL (SELECT count(*) AS n FROM unnest(b.items)) AS s ORDER BY b.id;
--> id | n
--> 1 | 2
--> 2 | 0
--> 3 | 0

SELECT b.id, s.x FROM baskets b, (SELECT b.id AS x) AS s;
--! 42P01: invalid reference to FROM-clause entry for table "b"

SELECT b.id, s.x FROM baskets b JOIN LATERAL (VALUES (b.id * 10), (b.id * 100)) AS s(x) ON s.x > 15 ORDER BY 1, 2;
--> id | x
--> 1 | 100
--> 2 | 20
--> 2 | 200
--> 3 | 30
--> 3 | 300

SELECT b.id FROM baskets b RIGHT JOIN LATERAL (SELECT b.id) AS s ON true;
--! 42P10: invalid reference to FROM-clause entry for table "b"

SELECT a.id, c.y FROM baskets a, LATERAL (SELECT a.id + 1 AS x) b, LATERAL (SELECT b.x + 1 AS y) c ORDER BY 1;
--> id | y
--> 1 | 3
--> 2 | 4
--> 3 | 5

SELECT g, h FROM generate_series(1, 2) g, generate_series(1, g) h ORDER BY 1, 2;
--> g | h
--> 1 | 1
--> 2 | 1
--> 2 | 2
