-- SEARCH and CYCLE: several columns, other marks, both at once
-- oracle: postgres
-- chapter: queries

CREATE TABLE edges (a INTEGER, b INTEGER);

INSERT INTO edges VALUES (1, 2), (1, 3), (2, 4), (3, 5), (4, 1), (5, 6);

WITH RECURSIVE w(a, b) AS (SELECT a, b FROM edges WHERE a = 1 UNION ALL SELECT e.a, e.b FROM edges e JOIN w ON e.a = w.b) CYCLE a SET seen TO 'yes' DEFAULT 'no' USING way SELECT a, b, seen, way FROM w ORDER BY way;
--> a | b | seen | way
--> 1 | 2 | no | {(1)}
--> 1 | 3 | no | {(1)}
--> 2 | 4 | no | {(1),(2)}
--> 4 | 1 | no | {(1),(2),(4)}
--> 1 | 2 | yes | {(1),(2),(4),(1)}
--> 1 | 3 | yes | {(1),(2),(4),(1)}
--> 3 | 5 | no | {(1),(3)}
--> 5 | 6 | no | {(1),(3),(5)}

WITH RECURSIVE w(a, b) AS (SELECT a, b FROM edges WHERE a = 3 UNION ALL SELECT e.a, e.b FROM edges e, w AS before WHERE e.a = before.b) SEARCH DEPTH FIRST BY a, b SET place SELECT a, b, place FROM w ORDER BY place;
--> a | b | place
--> 3 | 5 | {"(3,5)"}
--> 5 | 6 | {"(3,5)","(5,6)"}

WITH RECURSIVE w(a, b) AS (SELECT a, b FROM edges WHERE a = 1 UNION ALL SELECT e.a, e.b FROM edges e JOIN w ON e.a = w.b) SEARCH BREADTH FIRST BY b SET place CYCLE a, b SET again USING way SELECT a, b, again FROM w ORDER BY place;
--> a | b | again
--> 1 | 2 | f
--> 1 | 3 | f
--> 2 | 4 | f
--> 3 | 5 | f
--> 4 | 1 | f
--> 5 | 6 | f
--> 1 | 2 | t
--> 1 | 3 | f
--> 3 | 5 | f
--> 5 | 6 | f

WITH RECURSIVE w AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM w WHERE a < 3) SEARCH DEPTH FIRST BY nothing SET place SELECT * FROM w;
--! 42601: search column "nothing" not in WITH query column list

WITH RECURSIVE w AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM w WHERE a < 3) CYCLE a SET x USING x SELECT * FROM w;
--! 42601: cycle mark column name and cycle path column name are the same

WITH w AS (SELECT 1 AS a) SEARCH DEPTH FIRST BY a SET place SELECT * FROM w;
--! 42601: WITH query is not recursive
