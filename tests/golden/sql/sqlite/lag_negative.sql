-- lag by a number below -1 has no row, lead has
-- oracle: sqlite
-- chapter: windows

CREATE TABLE t (a INTEGER);

INSERT INTO t VALUES (1), (2), (3);

SELECT a, lag(a, -1) OVER (ORDER BY a), lag(a, -2, 'none') OVER (ORDER BY a), lead(a, -1) OVER (ORDER BY a) FROM t;
--> a | lag(a, -1) OVER (ORDER BY a) | lag(a, -2, 'none') OVER (ORDER BY a) | lead(a, -1) OVER (ORDER BY a)
--> 1 | 2 | none | NULL
--> 2 | 3 | none | 1
--> 3 | NULL | none | 2
