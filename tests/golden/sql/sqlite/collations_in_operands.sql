-- A collation that is said inside of an operand: ||, calls, CASE, IN, BETWEEN, MIN and MAX of several values
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, c TEXT);

INSERT INTO t VALUES (1, 'Ab', 'x'), (2, 'ab', 'Y'), (3, NULL, 'y');

SELECT a || c COLLATE NOCASE = 'ABX' AS joined, a = 'AB' AS of_column, 'AB' = a AS of_right, a || '' = 'AB' AS of_expression, upper(c COLLATE NOCASE) = 'y' AS of_call FROM t ORDER BY id;
--> joined | of_column | of_right | of_expression | of_call
--> 1 | 1 | 1 | 0 | 0
--> 0 | 1 | 1 | 0 | 1
--> NULL | NULL | NULL | NULL | 1

SELECT c = 'y' COLLATE NOCASE AS right, c IN ('y') AS plain, c COLLATE NOCASE IN ('y') AS in_list, c || '' COLLATE NOCASE IN ('y') AS joined, c IN ('y' COLLATE NOCASE) AS of_item FROM t ORDER BY id;
--> right | plain | in_list | joined | of_item
--> 0 | 0 | 0 | 0 | 0
--> 1 | 0 | 1 | 1 | 1
--> 1 | 1 | 1 | 1 | 1

SELECT c FROM t WHERE c COLLATE NOCASE BETWEEN 'x' AND 'Y' ORDER BY id;
--> c
--> x
--> Y
--> y

SELECT id FROM t ORDER BY c || '' COLLATE NOCASE DESC, id;
--> id
--> 2
--> 3
--> 1

SELECT CASE a WHEN 'AB' THEN 1 ELSE 0 END AS of_operand, CASE 'AB' WHEN a THEN 1 ELSE 0 END AS of_when, CASE c WHEN 'Y' COLLATE NOCASE THEN 1 ELSE 0 END AS said FROM t ORDER BY id;
--> of_operand | of_when | said
--> 1 | 1 | 0
--> 1 | 1 | 1
--> 0 | 0 | 1

SELECT max(a, 'AC') AS max, min('AC', a) AS min, max(c, 'Y') AS plain, min(c, 'Y' COLLATE NOCASE) AS column_decides, nullif(a, 'AB') AS nullif, nullif('AB', a) AS other FROM t ORDER BY id;
--> max | min | plain | column_decides | nullif | other
--> AC | Ab | x | Y | NULL | NULL
--> AC | ab | Y | Y | NULL | NULL
--> NULL | NULL | y | Y | NULL | AB

SELECT max('b', 'A' COLLATE NOCASE) AS max, min('b', 'A' COLLATE NOCASE) AS min, max('a ', 'a' COLLATE RTRIM) AS trimmed, min('a ', 'a' COLLATE RTRIM) AS last;
--> max | min | trimmed | last
--> b | A | a  | a

SELECT max(c COLLATE NOCASE || '') AS max, min(c || '' COLLATE NOCASE) AS min, max(c) AS plain FROM t;
--> max | min | plain
--> Y | x | y

SELECT id FROM t WHERE c COLLATE NOCASE IN (SELECT 'Y') OR a || '' COLLATE NOCASE IN (SELECT 'AB') ORDER BY id;
--> id
--> 1
--> 2
--> 3

SELECT DISTINCT a FROM t WHERE id < 3 ORDER BY 1 COLLATE BINARY;
--> a
--> Ab
