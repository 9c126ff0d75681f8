-- A bare column comes from the row of the only MIN or MAX
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE t (g TEXT, x INTEGER, note TEXT);

INSERT INTO t VALUES ('a', 1, 'low'), ('a', 9, 'high'), ('b', 5, 'only');

SELECT g, max(x), note FROM t GROUP BY g ORDER BY g;
--> g | max(x) | note
--> a | 9 | high
--> b | 5 | only

SELECT g, min(x), note FROM t GROUP BY g ORDER BY g;
--> g | min(x) | note
--> a | 1 | low
--> b | 5 | only

SELECT note, max(x) FROM t;
--> note | max(x)
--> high | 9
