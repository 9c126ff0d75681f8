-- BETWEEN and IN, with NULLs and empty lists
-- oracle: sqlite
-- chapter: expressions

SELECT 1 IN (), 1 NOT IN (), NULL IN ();
--> 1 IN () | 1 NOT IN () | NULL IN ()
--> 0 | 1 | 0

SELECT 1 IN (1, NULL), 2 IN (1, NULL), 2 NOT IN (1, NULL), NULL IN (1), NULL NOT IN (1);
--> 1 IN (1, NULL) | 2 IN (1, NULL) | 2 NOT IN (1, NULL) | NULL IN (1) | NULL NOT IN (1)
--> 1 | NULL | NULL | NULL | NULL

SELECT 1 IN ('1'), '1' IN (1), 1.0 IN (1), 'a' IN ('A');
--> 1 IN ('1') | '1' IN (1) | 1.0 IN (1) | 'a' IN ('A')
--> 0 | 0 | 1 | 0

SELECT 1 IN (SELECT 1 UNION SELECT NULL), 2 IN (SELECT 1 UNION SELECT NULL), 2 IN (SELECT 1 WHERE 0);
--> 1 IN (SELECT 1 UNION SELECT NULL) | 2 IN (SELECT 1 UNION SELECT NULL) | 2 IN (SELECT 1 WHERE 0)
--> 1 | NULL | 0

CREATE TABLE t (n INTEGER, s TEXT);

INSERT INTO t VALUES (1, '1'), (2, 'b'), (NULL, NULL);

SELECT n FROM t WHERE n IN ('1', 2) ORDER BY n;
--> n
--> 1
--> 2

SELECT s FROM t WHERE s IN (1, 'b') ORDER BY s;
--> s
--> 1
--> b

SELECT n FROM t WHERE n NOT IN (1) ORDER BY n;
--> n
--> 2

SELECT 1 WHERE 1 IN t;
--! sub-select returns 2 columns - expected 1

SELECT (1, 2) IN (SELECT 1, 2), (1, 2) IN (VALUES (1, 3)), (1, NULL) IN (SELECT 1, 2);
--> (1, 2) IN (SELECT 1, 2) | (1, 2) IN (VALUES (1, 3)) | (1, NULL) IN (SELECT 1, 2)
--> 1 | 0 | NULL

SELECT (1, 2) IN ((1, 2));
--> (1, 2) IN ((1, 2))
--> 1

SELECT 1 IN (SELECT 1, 2);
--! sub-select returns 2 columns - expected 1

SELECT n BETWEEN 0 AND 1, n BETWEEN NULL AND 0, n NOT BETWEEN 2 AND NULL FROM t ORDER BY n;
--> n BETWEEN 0 AND 1 | n BETWEEN NULL AND 0 | n NOT BETWEEN 2 AND NULL
--> NULL | NULL | NULL
--> 1 | 0 | 1
--> 0 | 0 | NULL

SELECT '5' BETWEEN 1 AND 9, 5 BETWEEN '1' AND '9';
--> '5' BETWEEN 1 AND 9 | 5 BETWEEN '1' AND '9'
--> 0 | 0
