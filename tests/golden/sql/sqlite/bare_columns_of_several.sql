-- Bare columns beside several MIN and MAX, FILTERs and NULLs; rows where none is taken; changes() of what failed
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE t (id INTEGER PRIMARY KEY, x, note);

INSERT INTO t VALUES (1, NULL, 'p'), (2, NULL, 'q'), (3, 5, 'five'), (4, 1, 'one'), (5, 9, 'nine'), (6, NULL, 'z');

SELECT min(x), max(x), note FROM t;
--> min(x) | max(x) | note
--> 1 | 9 | nine

SELECT max(x), min(x), note FROM t;
--> max(x) | min(x) | note
--> 9 | 1 | one

SELECT max(x) FILTER (WHERE x < 9) AS below, note FROM t;
--> below | note
--> 5 | five

SELECT max(x) FILTER (WHERE x > 100) AS none, note FROM t;
--> none | note
--> NULL | p

SELECT max(x), max(x) + 1 AS next, upper(note) AS note FROM t ORDER BY max(x);
--> max(x) | next | note
--> 9 | 10 | NINE

SELECT note FROM t GROUP BY 1 = 1 HAVING max(x) > 1;
--> note
--> nine

SELECT count(*), count(*) + 1 AS more, count(DISTINCT x) AS kinds, count(x) AS known, sum(x) AS sum, sum(x) FILTER (WHERE x > 1) AS some FROM t;
--> count(*) | more | kinds | known | sum | some
--> 6 | 7 | 3 | 3 | 15 | 14

SELECT group_concat(note, '-') AS a, group_concat(note, '+') AS b, group_concat(note, '-') || '!' AS c FROM (SELECT note FROM t ORDER BY id);
--> a | b | c
--> p-q-five-one-nine-z | p+q+five+one+nine+z | p-q-five-one-nine-z!

SELECT (1, 2) + 1;
--! row value misused

SELECT abs((1, 2));
--! row value misused

SELECT (1, 2) IS NULL;
--! row value misused

SELECT CASE (1, 2) WHEN 1 THEN 1 END;
--! row value misused

SELECT (1, 2) = (1, 2) AS same, (1, 2) < (1, 3) AS less, (1, 2) IN (SELECT 1, 2) AS found, (1, 2) BETWEEN (1, 1) AND (2, 0) AS within;
--> same | less | found | within
--> 1 | 1 | 1 | 1

SELECT x AS p, p + 1 FROM t;
--! no such column: p

SELECT x AS p FROM t WHERE p > 1 GROUP BY p HAVING p > 5 ORDER BY p;
--> p
--> 9

SELECT DISTINCT typeof(x) AS kind FROM t ORDER BY id DESC;
--> kind
--> null
--> integer

SELECT DISTINCT x % 2 AS rest FROM t WHERE x > 0 ORDER BY -x;
--> rest
--> 1

UPDATE t SET note = 'changed' WHERE id < 4;

SELECT changes() AS changed;
--> changed
--> 3

INSERT INTO t VALUES ('x', 1, 'no');
--! datatype mismatch

SELECT changes() AS changed;
--> changed
--> 0

UPDATE t SET id = 1.5 WHERE id = 1;
--! datatype mismatch

SELECT changes() AS changed, total_changes() AS total;
--> changed | total
--> 0 | 9
