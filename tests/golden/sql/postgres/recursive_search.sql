-- SEARCH and CYCLE of recursive queries
-- oracle: postgres
-- chapter: queries

CREATE TABLE tree (id INTEGER, parent INTEGER);

INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 1), (4, 2), (5, 3);

WITH RECURSIVE w AS (SELECT id, parent FROM tree WHERE parent IS NULL UNION ALL SELECT t.id, t.parent FROM tree t JOIN w ON t.parent = w.id) SEARCH DEPTH FIRST BY id SET ord SELECT id FROM w ORDER BY ord;
--> id
--> 1
--> 2
--> 4
--> 3
--> 5

WITH RECURSIVE w AS (SELECT id, parent FROM tree WHERE parent IS NULL UNION ALL SELECT t.id, t.parent FROM tree t JOIN w ON t.parent = w.id) SEARCH BREADTH FIRST BY id SET ord SELECT id FROM w ORDER BY ord;
--> id
--> 1
--> 2
--> 3
--> 4
--> 5

CREATE TABLE edges (a INTEGER, b INTEGER);

INSERT INTO edges VALUES (1, 2), (2, 3), (3, 1);

WITH RECURSIVE w(a, b) AS (SELECT a, b FROM edges WHERE a = 1 UNION ALL SELECT e.a, e.b FROM edges e JOIN w ON e.a = w.b) CYCLE a SET is_cycle USING path SELECT a, b, is_cycle FROM w ORDER BY is_cycle, a;
--> a | b | is_cycle
--> 1 | 2 | f
--> 2 | 3 | f
--> 3 | 1 | f
--> 1 | 2 | t
