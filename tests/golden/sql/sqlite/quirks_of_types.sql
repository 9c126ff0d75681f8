-- Quirks: booleans, dates and lengths that are no types, keys and names that are loose
-- oracle: sqlite
-- chapter: types

CREATE TABLE flags (id INTEGER PRIMARY KEY, open BOOLEAN, made DATETIME, code VARCHAR(3), price DECIMAL(10, 2), body STRING);

INSERT INTO flags VALUES (1, TRUE, '2024-01-05', 'longer than three', 1.5, 'text'), (2, FALSE, '2024-01-06 10:00', '', 2, 'x');

SELECT id, open, typeof(open) AS open_type, typeof(made) AS made_type, length(code) AS length, typeof(price) AS price_type FROM flags ORDER BY id;
--> id | open | open_type | made_type | length | price_type
--> 1 | 1 | integer | text | 17 | real
--> 2 | 0 | integer | text | 0 | integer

SELECT id FROM flags WHERE open;
--> id
--> 1

SELECT id FROM flags WHERE open IS TRUE;
--> id
--> 1

SELECT id FROM flags WHERE open = 1;
--> id
--> 1

SELECT id FROM flags WHERE NOT open;
--> id
--> 2

SELECT TRUE + TRUE AS two, TRUE = 1 AS one, 2 IS TRUE AS truthy, 2 = TRUE AS not_equal, TRUE || '' AS text;
--> two | one | truthy | not_equal | text
--> 2 | 1 | 1 | 0 | 1

SELECT id FROM flags WHERE made > '2024-01-05' ORDER BY id;
--> id
--> 2

SELECT id FROM flags WHERE made >= date('2024-01-05') AND made < date('2024-01-05', '+1 day');
--> id
--> 1

SELECT TRUE AS a, true AS b, True AS c;
--> a | b | c
--> 1 | 1 | 1

SELECT NULL IS NULL AS null_is_null, '' IS NULL AS empty_is_none, 'NULL' IS NULL AS text_is_none;
--> null_is_null | empty_is_none | text_is_none
--> 1 | 0 | 0

SELECT 'a' || 1 || 2.0 AS joined, 1 || 1 AS digits, '1' + '1' AS sum;
--> joined | digits | sum
--> a12.0 | 11 | 2

SELECT 5 BETWEEN 1 AND 10 AND 1 AS both, 1 < 2 < 3 AS chained, 3 > 2 > 1 AS chained_down, 1 = 1 = 1 AS equal, NOT 1 = 2 AS negated;
--> both | chained | chained_down | equal | negated
--> 1 | 1 | 0 | 1 | 1

SELECT max(1, 2) AS scalar, max(x) AS aggregate FROM (SELECT 3 AS x UNION ALL SELECT 4);
--> scalar | aggregate
--> 2 | 4

SELECT count(*) FROM flags WHERE code;
--> count(*)
--> 0

SELECT code FROM flags WHERE code = 'LONGER THAN THREE' COLLATE NOCASE;
--> code
--> longer than three

SELECT sum(open) AS open, avg(open) AS share, group_concat(open) AS list FROM (SELECT open FROM flags ORDER BY id);
--> open | share | list
--> 1 | 0.5 | 1,0

SELECT DISTINCT typeof(x) AS type FROM (SELECT 1 AS x UNION ALL SELECT '1' UNION ALL SELECT 1.0) ORDER BY type;
--> type
--> integer
--> real
--> text

SELECT 1 AS a, 2 AS a, 3 AS A;
--> a | a | A
--> 1 | 2 | 3

SELECT a FROM (SELECT 1 AS a, 2 AS b) WHERE A = 1;
--> a
--> 1
