-- Paths through a graph with cycles: what can be reached, and how cheaply
-- oracle: postgres
-- chapter: queries

CREATE TABLE edges (source TEXT, target TEXT, cost INTEGER);

INSERT INTO edges VALUES ('a', 'b', 1), ('b', 'c', 2), ('c', 'a', 3), ('a', 'd', 10), ('c', 'd', 1), ('e', 'f', 1);

WITH RECURSIVE reached AS (SELECT 'a' AS node UNION SELECT target FROM reached JOIN edges ON source = node) SELECT node FROM reached ORDER BY node;
--> node
--> a
--> b
--> c
--> d

WITH RECURSIVE paths (node, path, cost) AS (
  SELECT 'a', ARRAY['a'], 0
  UNION ALL
  SELECT target, path || target, p.cost + e.cost FROM paths p JOIN edges e ON source = node WHERE target <> ALL (path)
) SELECT path, cost FROM paths ORDER BY cost, path;
--> path | cost
--> {a} | 0
--> {a,b} | 1
--> {a,b,c} | 3
--> {a,b,c,d} | 4
--> {a,d} | 10

WITH RECURSIVE paths (node, path, cost) AS (
  SELECT 'a', 'a', 0
  UNION ALL
  SELECT target, path || '>' || target, p.cost + e.cost FROM paths p JOIN edges e ON source = node WHERE position(target IN path) = 0
) SELECT DISTINCT ON (node) node, path, cost FROM paths ORDER BY node, cost;
--> node | path | cost
--> a | a | 0
--> b | a>b | 1
--> c | a>b>c | 3
--> d | a>b>c>d | 4

WITH RECURSIVE steps (node, n) AS (SELECT 'a', 0 UNION ALL SELECT target, n + 1 FROM steps JOIN edges ON source = node WHERE n < 4) SELECT n, string_agg(node, ',' ORDER BY node) AS nodes FROM steps GROUP BY n ORDER BY n;
--> n | nodes
--> 0 | a
--> 1 | b,d
--> 2 | c
--> 3 | a,d
--> 4 | b,d

WITH RECURSIVE reached (origin, node) AS (SELECT source, target FROM edges UNION SELECT origin, target FROM reached JOIN edges ON source = node) SELECT origin, count(*) AS nodes FROM reached GROUP BY origin ORDER BY origin;
--> origin | nodes
--> a | 4
--> b | 4
--> c | 4
--> e | 1

WITH RECURSIVE reached (origin, node) AS (SELECT source, target FROM edges UNION SELECT origin, target FROM reached JOIN edges ON source = node) SELECT origin AS on_a_cycle FROM reached WHERE origin = node ORDER BY 1;
--> on_a_cycle
--> a
--> b
--> c

WITH RECURSIVE back (node) AS (SELECT 'd' UNION SELECT source FROM back JOIN edges ON target = node) SELECT array_agg(node ORDER BY node) AS leads_to_d FROM back;
--> leads_to_d
--> {a,b,c,d}

WITH RECURSIVE either (node) AS (SELECT 'f' UNION SELECT CASE WHEN source = node THEN target ELSE source END FROM either JOIN edges ON node IN (source, target)) SELECT node FROM either ORDER BY 1;
--> node
--> e
--> f

WITH RECURSIVE ends AS (SELECT DISTINCT target AS node FROM edges WHERE target NOT IN (SELECT source FROM edges)) SELECT node FROM ends ORDER BY 1;
--> node
--> d
--> f

WITH RECURSIVE paths (node, path, closed) AS (
  SELECT 'b', ARRAY['b'], false
  UNION ALL
  SELECT target, path || target, target = ANY (path) FROM paths JOIN edges ON source = node WHERE NOT closed
) SELECT path FROM paths WHERE closed ORDER BY path;
--> path
--> {b,c,a,b}
