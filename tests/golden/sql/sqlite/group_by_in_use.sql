-- GROUP BY expressions, places and aliases; HAVING with and without groups
-- oracle: sqlite
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, symbol TEXT, price REAL, day TEXT);

INSERT INTO t VALUES (1, 'A', 10.5, '2024-01-05'), (2, 'a', 11, '2024-01-20'), (3, 'B', 7.25, '2024-02-01'), (4, 'B', NULL, '2024-02-02'), (5, NULL, 1, NULL);

SELECT symbol, count(*) AS n FROM t GROUP BY symbol ORDER BY symbol;
--> symbol | n
--> NULL | 1
--> A | 1
--> B | 2
--> a | 1

SELECT upper(symbol) AS s, count(*) AS n FROM t GROUP BY s ORDER BY s;
--> s | n
--> NULL | 1
--> A | 2
--> B | 2

SELECT substr(day, 1, 7) AS month, sum(price) AS total FROM t GROUP BY 1 ORDER BY 1;
--> month | total
--> NULL | 1.0
--> 2024-01 | 21.5
--> 2024-02 | 7.25

SELECT price > 9 AS high, count(*) AS n FROM t GROUP BY price > 9 ORDER BY high;
--> high | n
--> NULL | 1
--> 0 | 2
--> 1 | 2

SELECT symbol COLLATE NOCASE AS s, count(*) AS n FROM t GROUP BY symbol COLLATE NOCASE ORDER BY 2 DESC, 1;
--> s | n
--> A | 2
--> B | 2
--> NULL | 1

SELECT count(*) AS n FROM t GROUP BY 'constant';
--> n
--> 5

SELECT count(*) AS n FROM t GROUP BY NULL;
--> n
--> 5

SELECT symbol, count(*) AS n FROM t GROUP BY symbol HAVING n > 1;
--> symbol | n
--> B | 2

SELECT symbol, max(price) AS high FROM t GROUP BY symbol HAVING high > 10 ORDER BY high;
--> symbol | high
--> A | 10.5
--> a | 11.0

SELECT count(*) AS n FROM t HAVING n > 3;
--> n
--> 5

SELECT count(*) AS n FROM t HAVING n > 30;
--> n

SELECT 'some' AS word FROM t HAVING count(*) > 3;
--! HAVING clause on a non-aggregate query

SELECT symbol FROM t HAVING symbol = 'A';
--! HAVING clause on a non-aggregate query

SELECT symbol, day, count(*) AS n FROM t GROUP BY symbol, substr(day, 1, 4) ORDER BY n DESC, symbol LIMIT 1;
--> symbol | day | n
--> B | 2024-02-01 | 2

SELECT count(*) AS n FROM t GROUP BY 2;
--! 1st GROUP BY term out of range - should be between 1 and 1

SELECT count(*) AS n FROM t GROUP BY n;
--! aggregate functions are not allowed in the GROUP BY clause

SELECT symbol FROM t GROUP BY symbol HAVING sum(price) ORDER BY symbol;
--> symbol
--> NULL
--> A
--> B
--> a

SELECT DISTINCT upper(symbol) AS s, count(*) OVER () AS whole FROM t GROUP BY symbol ORDER BY s;
--> s | whole
--> NULL | 4
--> A | 4
--> B | 4

SELECT total(price) AS t FROM t GROUP BY id % 2 ORDER BY id % 2;
--> t
--> 11.0
--> 18.75

SELECT strftime('%m', day) AS month, count(*) FILTER (WHERE price IS NULL) AS unknown FROM t WHERE day IS NOT NULL GROUP BY month HAVING unknown = 0 ORDER BY month;
--> month | unknown
--> 01 | 0
