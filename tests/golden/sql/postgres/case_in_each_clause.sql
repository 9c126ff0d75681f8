-- CASE in lists, conditions, groups, orders, aggregates, joins and changes
-- oracle: postgres
-- chapter: expressions

CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT, n INTEGER);

INSERT INTO t VALUES (1, 'a', 10), (2, 'b', NULL), (3, 'a', 0), (4, NULL, 5);

SELECT id, CASE kind WHEN 'a' THEN 'first' WHEN 'b' THEN 'second' END AS word, CASE WHEN n > 5 THEN 'large' WHEN n IS NULL THEN 'none' ELSE 'small' END AS size FROM t ORDER BY id;
--> id | word | size
--> 1 | first | large
--> 2 | second | none
--> 3 | first | small
--> 4 | NULL | small

SELECT id FROM t WHERE CASE kind WHEN 'a' THEN n > 5 ELSE true END ORDER BY id;
--> id
--> 1
--> 2
--> 4

SELECT CASE WHEN n > 0 THEN 'some' ELSE 'none' END AS bucket, count(*) FROM t GROUP BY CASE WHEN n > 0 THEN 'some' ELSE 'none' END ORDER BY 1;
--> bucket | count
--> none | 2
--> some | 2

SELECT id FROM t ORDER BY CASE WHEN kind IS NULL THEN 0 ELSE 1 END, CASE kind WHEN 'a' THEN -id ELSE id END;
--> id
--> 4
--> 3
--> 1
--> 2

SELECT sum(CASE kind WHEN 'a' THEN n ELSE 0 END) AS of_a, count(CASE WHEN n > 0 THEN 1 END) AS positive, avg(CASE WHEN kind = 'a' THEN n END) AS mean_of_a FROM t;
--> of_a | positive | mean_of_a
--> 10 | 2 | 5.0000000000000000

SELECT a.id, b.id AS other FROM t a JOIN t b ON CASE WHEN a.kind IS NULL THEN b.kind IS NULL ELSE a.kind = b.kind END AND a.id < b.id;
--> id | other
--> 1 | 3

SELECT id, CASE WHEN n = 0 THEN NULL ELSE 100 / n END AS safe FROM t ORDER BY id;
--> id | safe
--> 1 | 10
--> 2 | NULL
--> 3 | NULL
--> 4 | 20

SELECT id, 100 / nullif(n, 0) AS shorter FROM t ORDER BY id;
--> id | shorter
--> 1 | 10
--> 2 | NULL
--> 3 | NULL
--> 4 | 20

SELECT CASE WHEN 1 = 1 THEN 1 ELSE 2.5 END AS numeric, pg_typeof(CASE WHEN 1 = 1 THEN 1 ELSE 2.5 END) AS type, pg_typeof(CASE WHEN true THEN NULL ELSE 'x' END) AS text;
--> numeric | type | text
--> 1 | numeric | text

SELECT CASE WHEN true THEN 1 ELSE 'x' END;
--! 22P02: invalid input syntax for type integer: "x"

SELECT CASE WHEN true THEN 1 ELSE true END;
--! 42804: CASE types boolean and integer cannot be matched

SELECT CASE 1 WHEN 'a' THEN 1 END;
--! 22P02: invalid input syntax for type integer: "a"

SELECT CASE WHEN 1 THEN 2 END;
--! 42804: argument of CASE/WHEN must be type boolean, not type integer

SELECT CASE END;
--! 42601: syntax error at or near "END"

UPDATE t SET n = CASE WHEN n IS NULL THEN -1 WHEN n > 5 THEN n * 2 ELSE n END, kind = CASE id WHEN 4 THEN 'c' ELSE kind END;

SELECT * FROM t ORDER BY id;
--> id | kind | n
--> 1 | a | 20
--> 2 | b | -1
--> 3 | a | 0
--> 4 | c | 5

DELETE FROM t WHERE CASE kind WHEN 'c' THEN n = 5 ELSE n < 0 END;

SELECT array_agg(id ORDER BY id) AS left FROM t;
--> left
--> {1,3}

SELECT id, CASE WHEN EXISTS (SELECT FROM t x WHERE x.id > t.id) THEN 'more' ELSE 'last' END AS place, CASE rank() OVER (ORDER BY n DESC) WHEN 1 THEN 'top' ELSE 'below' END AS rank FROM t ORDER BY id;
--> id | place | rank
--> 1 | more | top
--> 3 | last | below

SELECT CASE WHEN id = 1 THEN CASE WHEN n > 15 THEN 'deep' ELSE 'shallow' END ELSE 'other' END AS nested FROM t ORDER BY id;
--> nested
--> deep
--> other
