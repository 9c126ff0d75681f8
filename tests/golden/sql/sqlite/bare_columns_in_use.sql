-- Bare columns: with MIN, with MAX, with both, with neither
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE t (id INTEGER PRIMARY KEY, g TEXT, x INTEGER, note TEXT);

INSERT INTO t VALUES (1, 'a', 5, 'five'), (2, 'a', 9, 'nine'), (3, 'a', 1, 'one'), (4, 'b', NULL, 'null'), (5, 'b', 7, 'seven'), (6, 'c', NULL, 'alone');

SELECT g, max(x), note FROM t GROUP BY g ORDER BY g;
--> g | max(x) | note
--> a | 9 | nine
--> b | 7 | seven
--> c | NULL | alone

SELECT g, min(x), note FROM t GROUP BY g ORDER BY g;
--> g | min(x) | note
--> a | 1 | one
--> b | 7 | seven
--> c | NULL | alone

SELECT g, note, max(x) AS x, count(*) AS n, sum(x) AS s FROM t GROUP BY g ORDER BY g;
--> g | note | x | n | s
--> a | nine | 9 | 3 | 15
--> b | seven | 7 | 2 | 7
--> c | alone | NULL | 1 | NULL

SELECT id, note, max(x) FROM t;
--> id | note | max(x)
--> 2 | nine | 9

SELECT max(x), note FROM t WHERE g = 'none';
--> max(x) | note
--> NULL | NULL

SELECT note FROM t GROUP BY g HAVING max(x) ORDER BY g;
--> note
--> nine
--> seven

SELECT g, note FROM t GROUP BY g HAVING x = max(x) ORDER BY g;
--> g | note
--> a | nine
--> b | seven

SELECT g, upper(note) || '!' AS cry, max(x) FROM t GROUP BY g ORDER BY max(x);
--> g | cry | max(x)
--> c | ALONE! | NULL
--> b | SEVEN! | 7
--> a | NINE! | 9

SELECT g, max(x) FILTER (WHERE x < 9) AS below, note FROM t GROUP BY g ORDER BY g;
--> g | below | note
--> a | 5 | five
--> b | 7 | seven
--> c | NULL | alone

SELECT g, max(length(note)) AS longest, note FROM t GROUP BY g ORDER BY g;
--> g | longest | note
--> a | 4 | five
--> b | 5 | seven
--> c | 5 | alone

SELECT g, (SELECT note FROM t y WHERE y.g = t.g ORDER BY x DESC LIMIT 1) AS by_subquery FROM t GROUP BY g ORDER BY g;
--> g | by_subquery
--> a | nine
--> b | seven
--> c | alone

SELECT g, max(id), x FROM t GROUP BY g ORDER BY g;
--> g | max(id) | x
--> a | 3 | 1
--> b | 5 | 7
--> c | 6 | NULL

SELECT a.g, max(b.x) AS x, b.note FROM t a JOIN t b ON b.g = a.g GROUP BY a.g ORDER BY a.g;
--> g | x | note
--> a | 9 | nine
--> b | 7 | seven
--> c | NULL | alone

SELECT g, x, max(x) OVER (PARTITION BY g) AS window FROM t ORDER BY id LIMIT 2;
--> g | x | window
--> a | 5 | 9
--> a | 9 | 9

SELECT max(x) AS x, min(x) AS low FROM t;
--> x | low
--> 9 | 1

SELECT count(*), note IS NOT NULL AS some FROM t;
--> count(*) | some
--> 6 | 1
