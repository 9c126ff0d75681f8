-- CAST takes the longest prefix that is a number
-- oracle: sqlite
-- chapter: expressions

SELECT CAST('12abc' AS INTEGER) AS a, CAST('1e2' AS REAL) AS b, CAST('abc' AS INTEGER) AS c;
--> a | b | c
--> 12 | 100.0 | 0

SELECT CAST(3.99 AS INTEGER) AS a, CAST(-3.99 AS INTEGER) AS b, CAST(1e30 AS INTEGER) AS c;
--> a | b | c
--> 3 | -3 | 9223372036854775807

SELECT CAST(12 AS TEXT) AS a, typeof(CAST(12 AS TEXT)) AS b, CAST(x'6162' AS TEXT) AS c;
--> a | b | c
--> 12 | text | ab

SELECT CAST('5' AS NUMERIC) AS a, typeof(CAST('5.5' AS NUMERIC)) AS b, typeof(CAST('5.0' AS NUMERIC)) AS c;
--> a | b | c
--> 5 | real | integer
