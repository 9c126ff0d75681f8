-- Double quotes name a column, or are a text if there is none
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (a TEXT, "b c" INTEGER);

INSERT INTO t VALUES ('x', 1);

SELECT "a", "b c", [b c], `a` FROM t;
--> a | b c | b c | a
--> x | 1 | 1 | x

SELECT 1 AS r FROM t WHERE a = "x";
--> r
--> 1
