-- CASE, iif, coalesce, nullif and what is computed at all
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, n INTEGER);

INSERT INTO t VALUES (1, 'a', 10), (2, 'b', NULL), (3, 'a', 0), (4, NULL, 5);

SELECT id, CASE kind WHEN 'a' THEN 'first' WHEN 'b' THEN 'second' END AS word, CASE WHEN n > 5 THEN 'large' WHEN n IS NULL THEN 'none' ELSE 'small' END AS size FROM t ORDER BY id;
--> id | word | size
--> 1 | first | large
--> 2 | second | none
--> 3 | first | small
--> 4 | NULL | small

SELECT id, iif(n > 5, 'large', 'small') AS two, iif(n > 5, 'large') AS alone, iif(n IS NULL, 'none', n > 5, 'large', 'small') AS chain FROM t ORDER BY id;
--> id | two | alone | chain
--> 1 | large | large | large
--> 2 | small | NULL | none
--> 3 | small | NULL | small
--> 4 | small | NULL | small

SELECT CASE NULL WHEN NULL THEN 'same' ELSE 'not' END AS simple, CASE WHEN NULL THEN 1 ELSE 2 END AS unknown, CASE WHEN 'x' THEN 1 ELSE 2 END AS text, CASE WHEN 0.1 THEN 1 ELSE 2 END AS fraction;
--> simple | unknown | text | fraction
--> not | 2 | 2 | 1

SELECT coalesce(NULL, NULL, 3, 4) AS c, ifnull(NULL, 'x') AS i, nullif(5, 5) AS n, nullif(5, '5') AS kinds, nullif('a', 'A') AS texts, coalesce('', 'x') = '' AS empty;
--> c | i | n | kinds | texts | empty
--> 3 | x | NULL | 5 | a | 1

SELECT coalesce(1, abs(-9223372036854775808)) AS lazy, CASE WHEN 1 THEN 1 ELSE abs(-9223372036854775808) END AS lazy_case, iif(1, 1, abs(-9223372036854775808)) AS lazy_iif, 0 AND abs(-9223372036854775808) AS lazy_and;
--> lazy | lazy_case | lazy_iif | lazy_and
--> 1 | 1 | 1 | 0

SELECT typeof(CASE WHEN id = 1 THEN 1 WHEN id = 2 THEN 2.5 ELSE 'x' END) AS type FROM t ORDER BY id;
--> type
--> integer
--> real
--> text
--> text

SELECT sum(CASE kind WHEN 'a' THEN n END) AS of_a, count(CASE WHEN n > 0 THEN 1 END) AS positive, total(iif(kind = 'b', n, NULL)) AS of_b FROM t;
--> of_a | positive | of_b
--> 10 | 2 | 0.0

SELECT CASE WHEN n > 0 THEN 'some' ELSE 'none' END AS bucket, count(*) AS c FROM t GROUP BY bucket ORDER BY bucket;
--> bucket | c
--> none | 2
--> some | 2

SELECT id FROM t ORDER BY CASE WHEN kind IS NULL THEN 0 ELSE 1 END, CASE kind WHEN 'a' THEN -id ELSE id END;
--> id
--> 4
--> 3
--> 1
--> 2

SELECT id FROM t WHERE CASE kind WHEN 'a' THEN n > 5 ELSE 1 END ORDER BY id;
--> id
--> 1
--> 2
--> 4

SELECT id, 100 / n AS plain, 100 / nullif(n, 0) AS guarded FROM t ORDER BY id;
--> id | plain | guarded
--> 1 | 10 | 10
--> 2 | NULL | NULL
--> 3 | NULL | NULL
--> 4 | 20 | 20

SELECT CASE 1 WHEN 1.0 THEN 'number' END AS numbers, CASE '1' WHEN 1 THEN 'equal' ELSE 'other' END AS kinds, CASE 'a' WHEN 'A' COLLATE NOCASE THEN 'equal' ELSE 'other' END AS collation;
--> numbers | kinds | collation
--> number | other | equal

SELECT CASE END;
--! near ";": syntax error
--~! no such column: CASE

SELECT coalesce(1);
--! wrong number of arguments to function coalesce()

SELECT nullif(1);
--! wrong number of arguments to function nullif()

SELECT iif(1);
--! wrong number of arguments to function iif()

UPDATE t SET n = CASE WHEN n IS NULL THEN -1 WHEN n > 5 THEN n * 2 ELSE n END, kind = iif(id = 4, 'c', kind);

SELECT * FROM t ORDER BY id;
--> id | kind | n
--> 1 | a | 20
--> 2 | b | -1
--> 3 | a | 0
--> 4 | c | 5

DELETE FROM t WHERE CASE kind WHEN 'c' THEN n = 5 ELSE n < 0 END RETURNING id;
--> id
--> 2
--> 4
