-- Aggregates of integers, reals, texts and NULLs, with DISTINCT, FILTER and ORDER BY
-- oracle: sqlite
-- chapter: aggregates

CREATE TABLE v (g TEXT, x);

INSERT INTO v VALUES ('a', 1), ('a', 2.5), ('a', '3'), ('a', 'x'), ('a', NULL), ('b', NULL), ('c', 2), ('c', 2), ('c', 4);

SELECT g, sum(x) AS sum, total(x) AS total, avg(x) AS avg, count(x) AS n, count(*) AS rows FROM v GROUP BY g ORDER BY g;
--> g | sum | total | avg | n | rows
--> a | 6.5 | 6.5 | 1.625 | 4 | 5
--> b | NULL | 0.0 | NULL | 0 | 1
--> c | 8 | 8.0 | 2.6666666666666665 | 3 | 3

SELECT g, typeof(sum(x)) AS sum, typeof(total(x)) AS total, typeof(avg(x)) AS avg FROM v GROUP BY g ORDER BY g;
--> g | sum | total | avg
--> a | real | real | real
--> b | null | real | null
--> c | integer | real | real

SELECT g, min(x) AS min, max(x) AS max, typeof(max(x)) AS type FROM v GROUP BY g ORDER BY g;
--> g | min | max | type
--> a | 1 | x | text
--> b | NULL | NULL | null
--> c | 2 | 4 | integer

SELECT sum(DISTINCT x) AS sum, count(DISTINCT x) AS n, group_concat(DISTINCT g ORDER BY g) AS groups FROM v;
--> sum | n | groups
--> 12.5 | 6 | a,b,c

SELECT g, group_concat(x) AS texts, group_concat(x, '') AS run_together, group_concat(x, NULL) AS null_separator FROM (SELECT * FROM v ORDER BY g, typeof(x), x) GROUP BY g ORDER BY g;
--> g | texts | run_together | null_separator
--> a | 1,2.5,3,x | 12.53x | 12.53x
--> b | NULL | NULL | NULL
--> c | 2,2,4 | 224 | 224

SELECT group_concat(x, ',' ORDER BY x DESC) AS down, string_agg(x, '|' ORDER BY x) AS up FROM v WHERE g = 'a';
--> down | up
--> x,3,2.5,1 | 1|2.5|3|x

SELECT count(*) FILTER (WHERE typeof(x) = 'integer') AS integers, sum(x) FILTER (WHERE g = 'c') AS c, max(x) FILTER (WHERE 0) AS none FROM v;
--> integers | c | none
--> 4 | 8 | NULL

SELECT sum(x) AS s FROM v WHERE 0;
--> s
--> NULL

SELECT total(x) AS t, count(x) AS n, avg(x) AS a, group_concat(x) AS c FROM v WHERE 0;
--> t | n | a | c
--> 0.0 | 0 | NULL | NULL

SELECT sum(1.0) / 3 AS third, sum(1) / 2 AS integers, avg(1) AS mean FROM v;
--> third | integers | mean
--> 3.0 | 4 | 1.0

SELECT sum(x = 2) AS twos, sum(x > 1) AS above, max(x IS NULL) AS has_null, min(x IS NULL) AS all_null FROM v;
--> twos | above | has_null | all_null
--> 2 | 6 | 1 | 0

SELECT g, max(x) - min(x) AS spread, round(avg(x * x) - avg(x) * avg(x), 6) AS variance FROM v WHERE typeof(x) IN ('integer', 'real') GROUP BY g ORDER BY g;
--> g | spread | variance
--> a | 1.5 | 0.5625
--> c | 2 | 0.888889

SELECT count(DISTINCT g, x) FROM v;
--! wrong number of arguments to function count()
--~! DISTINCT aggregates must have exactly one argument

SELECT group_concat(DISTINCT g, '-') FROM v WHERE g = 'a';
--! DISTINCT aggregates must have exactly one argument

SELECT sum(sum(x)) FROM v;
--! misuse of aggregate function sum()

SELECT g FROM v WHERE sum(x) > 1;
--! misuse of aggregate function sum()

SELECT max(g) AS g, (SELECT count(*) FROM v w WHERE w.g = max(v.g)) AS n FROM v;
--> g | n
--> c | 3

SELECT sum(0.1) = 1.0 AS kahan FROM (SELECT 1 FROM v UNION ALL SELECT 1 FROM v LIMIT 10);
--> kahan
--> 1
