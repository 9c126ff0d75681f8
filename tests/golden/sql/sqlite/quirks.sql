-- Quirks that programs rely on
-- oracle: sqlite
-- chapter: types

SELECT 'a' = "a";
--> 'a' = "a"
--> 1

CREATE TABLE t (a VARCHAR(2), b BOOLEAN, c DATETIME);

INSERT INTO t VALUES ('longer', TRUE, '2024-01-01 10:00');

SELECT a, b, c, typeof(b), typeof(c) FROM t;
--> a | b | c | typeof(b) | typeof(c)
--> longer | 1 | 2024-01-01 10:00 | integer | text

SELECT 1 / 2, 1 / 2.0, '1' + '1', '1' || '1', 'a' + 1;
--> 1 / 2 | 1 / 2.0 | '1' + '1' | '1' || '1' | 'a' + 1
--> 0 | 0.5 | 2 | 11 | 1

SELECT * FROM t WHERE b;
--> a | b | c
--> longer | 1 | 2024-01-01 10:00

SELECT b FROM t WHERE b = TRUE AND b IS TRUE;
--> b
--> 1

SELECT 5 = '5', '5' = 5, typeof('5' + 0), +'5' = 5;
--> 5 = '5' | '5' = 5 | typeof('5' + 0) | +'5' = 5
--> 0 | 0 | integer | 0

SELECT count(*) FROM t WHERE a LIKE 'LONG%';
--> count(*)
--> 1

SELECT max(a), b FROM t;
--> max(a) | b
--> longer | 1

SELECT 'x' AS "select", 1 AS "from";
--> select | from
--> x | 1

SELECT substr('abc', 0), substr('abc', -1), instr('abc', NULL);
--> substr('abc', 0) | substr('abc', -1) | instr('abc', NULL)
--> abc | c | NULL

SELECT NULL = NULL, NULL IS NULL, NULL <> 1, NOT NULL;
--> NULL = NULL | NULL IS NULL | NULL <> 1 | NOT NULL
--> NULL | 1 | NULL | NULL

SELECT 1 WHERE 'a' AND 1;
--> 1

SELECT 0 == 0.0, '' = 0, x'' = '', NULL || 'x';
--> 0 == 0.0 | '' = 0 | x'' = '' | NULL || 'x'
--> 1 | 0 | 0 | NULL

SELECT CURRENT_DATE > '2000-01-01', typeof(CURRENT_TIMESTAMP);
--> CURRENT_DATE > '2000-01-01' | typeof(CURRENT_TIMESTAMP)
--> 1 | text

INSERT INTO t (a) VALUES ('x' 'y');
--! near "'y'": syntax error

SELECT count(*) FROM t, t AS u;
--> count(*)
--> 1

SELECT SUM(b), Sum(b), sum (b) FROM t;
--> SUM(b) | Sum(b) | sum (b)
--> 1 | 1 | 1
