-- Statistical and ordered-set aggregates
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE v (x NUMERIC);

INSERT INTO v VALUES (1), (2), (3), (4), (NULL);

SELECT stddev(x) AS s, variance(x) AS v, stddev_pop(x) AS p FROM v;
--> s | v | p
--> 1.2909944487358056 | 1.6666666666666667 | 1.1180339887498948

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS c, percentile_disc(0.5) WITHIN GROUP (ORDER BY x) AS d, mode() WITHIN GROUP (ORDER BY x) AS m FROM v;
--> c | d | m
--> 2.5 | 2 | 1

SELECT bool_and(x > 0) AS a, bool_or(x > 3) AS o, every(x < 3) AS e FROM v;
--> a | o | e
--> t | t | f

SELECT corr(x, x * 2) AS c FROM v;
--> c
--> 1
