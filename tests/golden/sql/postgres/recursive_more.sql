-- WITH RECURSIVE: trees, paths, ends
-- oracle: postgres
-- chapter: queries

CREATE TABLE parts (part TEXT, sub TEXT, n INTEGER);

INSERT INTO parts VALUES ('car', 'wheel', 4), ('car', 'engine', 1), ('wheel', 'bolt', 5), ('engine', 'bolt', 20);

WITH RECURSIVE all_parts(part, n) AS (SELECT sub, n FROM parts WHERE part = 'car' UNION ALL SELECT p.sub, p.n * a.n FROM all_parts a JOIN parts p ON p.part = a.part) SELECT part, sum(n) FROM all_parts GROUP BY part ORDER BY part;
--> part | sum
--> bolt | 40
--> engine | 1
--> wheel | 4

WITH RECURSIVE path(part, way) AS (SELECT 'car', ARRAY['car'] UNION ALL SELECT p.sub, way || p.sub FROM path JOIN parts p ON p.part = path.part) SELECT way FROM path ORDER BY way;
--> way
--> {car}
--> {car,engine}
--> {car,engine,bolt}
--> {car,wheel}
--> {car,wheel,bolt}

WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n % 3 + 1 FROM t) SELECT n FROM t ORDER BY n;
--> n
--> 1
--> 2
--> 3

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3), u AS (SELECT n * 10 AS m FROM t) SELECT m FROM u ORDER BY m;
--> m
--> 10
--> 20
--> 30

WITH t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t;
--! 42P01: relation "t" does not exist

WITH RECURSIVE t(n) AS (SELECT n FROM t UNION ALL SELECT 1) SELECT n FROM t;
--! 42P19: recursive reference to query "t" must not appear within its non-recursive term

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT sum(n) FROM t) SELECT n FROM t;
--! 42P19: aggregate functions are not allowed in a recursive query's recursive term

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT a.n + 1 FROM t a, t b WHERE a.n < 3) SELECT n FROM t;
--! 42P19: recursive reference to query "t" must not appear more than once

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 0.5 FROM t WHERE n < 2) SELECT n FROM t;
--! 42804: recursive query "t" column 1 has type integer in non-recursive term but type numeric overall

WITH RECURSIVE t(n) AS (SELECT 1 EXCEPT SELECT n FROM t) SELECT n FROM t;
--! 42P19: recursive query "t" does not have the form non-recursive-term UNION [ALL] recursive-term
