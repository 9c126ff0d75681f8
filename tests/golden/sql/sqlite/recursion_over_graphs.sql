-- Graphs and trees by recursion: paths, levels, cycles, orders of search
-- oracle: sqlite
-- chapter: queries

CREATE TABLE edges (source TEXT, target TEXT, cost INTEGER);

INSERT INTO edges VALUES ('a', 'b', 1), ('b', 'c', 2), ('c', 'a', 3), ('a', 'd', 10), ('c', 'd', 1), ('e', 'f', 1);

WITH RECURSIVE reached (node) AS (VALUES ('a') UNION SELECT target FROM edges JOIN reached ON source = node) SELECT node FROM reached ORDER BY node;
--> node
--> a
--> b
--> c
--> d

WITH RECURSIVE paths (node, path, cost) AS (SELECT 'a', 'a', 0 UNION ALL SELECT target, path || '>' || target, p.cost + e.cost FROM paths p JOIN edges e ON source = node WHERE instr(path, target) = 0) SELECT path, cost FROM paths ORDER BY cost, path;
--> path | cost
--> a | 0
--> a>b | 1
--> a>b>c | 3
--> a>b>c>d | 4
--> a>d | 10

WITH RECURSIVE paths (node, path, cost) AS (SELECT 'a', 'a', 0 UNION ALL SELECT target, path || '>' || target, p.cost + e.cost FROM paths p JOIN edges e ON source = node WHERE instr(path, target) = 0) SELECT node, path, min(cost) AS cost FROM paths GROUP BY node ORDER BY node;
--> node | path | cost
--> a | a | 0
--> b | a>b | 1
--> c | a>b>c | 3
--> d | a>b>c>d | 4

WITH RECURSIVE steps (node, n) AS (VALUES ('a', 0) UNION ALL SELECT target, n + 1 FROM steps JOIN edges ON source = node WHERE n < 3) SELECT n, group_concat(node, '') AS nodes FROM (SELECT * FROM steps ORDER BY n, node) GROUP BY n;
--> n | nodes
--> 0 | a
--> 1 | bd
--> 2 | c
--> 3 | ad

WITH RECURSIVE endless (node) AS (VALUES ('a') UNION ALL SELECT target FROM endless JOIN edges ON source = node LIMIT 20) SELECT count(*) AS bounded FROM endless;
--> bounded
--> 20

CREATE TABLE staff (id INTEGER PRIMARY KEY, name TEXT, boss INTEGER);

INSERT INTO staff VALUES (1, 'ada', NULL), (2, 'bob', 1), (3, 'cyd', 1), (4, 'dan', 2), (5, 'eli', 2), (6, 'fay', 3);

WITH RECURSIVE tree (id, name, level) AS (SELECT id, name, 0 FROM staff WHERE boss IS NULL UNION ALL SELECT s.id, s.name, level + 1 FROM staff s JOIN tree t ON s.boss = t.id ORDER BY 3 DESC, 1) SELECT substr('....', 1, level * 2) || name AS depth_first FROM tree;
--> depth_first
--> ada
--> ..bob
--> ....dan
--> ....eli
--> ..cyd
--> ....fay

WITH RECURSIVE tree (id, name, level) AS (SELECT id, name, 0 FROM staff WHERE boss IS NULL UNION ALL SELECT s.id, s.name, level + 1 FROM staff s JOIN tree t ON s.boss = t.id ORDER BY 3, 1) SELECT substr('....', 1, level * 2) || name AS breadth_first FROM tree;
--> breadth_first
--> ada
--> ..bob
--> ..cyd
--> ....dan
--> ....eli
--> ....fay

WITH RECURSIVE up (id, name, boss) AS (SELECT id, name, boss FROM staff WHERE name = 'eli' UNION ALL SELECT s.id, s.name, s.boss FROM staff s JOIN up ON s.id = up.boss) SELECT group_concat(name, ' < ') AS chain FROM up;
--> chain
--> eli < bob < ada

WITH RECURSIVE below (root, id) AS (SELECT id, id FROM staff UNION ALL SELECT root, s.id FROM staff s JOIN below b ON s.boss = b.id) SELECT name, count(*) - 1 AS below FROM below JOIN staff ON staff.id = root GROUP BY root ORDER BY root;
--> name | below
--> ada | 5
--> bob | 2
--> cyd | 1
--> dan | 0
--> eli | 0
--> fay | 0

WITH RECURSIVE both (node) AS (VALUES ('f') UNION SELECT iif(source = node, target, source) FROM both JOIN edges ON node IN (source, target)) SELECT node FROM both ORDER BY node;
--> node
--> e
--> f

WITH RECURSIVE fib (a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM fib LIMIT 12) SELECT group_concat(a, ' ') AS fibonacci FROM fib;
--> fibonacci
--> 0 1 1 2 3 5 8 13 21 34 55 89

WITH RECURSIVE split (word, rest) AS (VALUES ('', 'buy,sell,,hold,') UNION ALL SELECT substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) FROM split WHERE rest <> '') SELECT word FROM split LIMIT -1 OFFSET 1;
--> word
--> buy
--> sell
-->
--> hold
