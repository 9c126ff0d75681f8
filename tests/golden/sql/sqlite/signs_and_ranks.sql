-- Signs before everything else, operators of one rank from the left, IS with any operand
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);

INSERT INTO t VALUES (1, 'x', 2), (2, 'y', 3), (3, NULL, NULL);

SELECT -b || 1 AS minus, -b * -2 || 3 AS product, ~b || 'x' AS inverted, - - 2 AS twice, +b || a AS plus FROM t ORDER BY id;
--> minus | product | inverted | twice | plus
--> -21 | 46 | -3x | 2 | 2x
--> -31 | 69 | -4x | 2 | 3y
--> NULL | NULL | NULL | 2 | NULL

SELECT -b COLLATE NOCASE AS collated, -'5x' AS of_text, - NULL AS of_null, +'x' || 'y' AS plus, -9223372036854775808 AS least FROM t WHERE id = 1;
--> collated | of_text | of_null | plus | least
--> -2 | -5 | NULL | xy | -9223372036854775808

SELECT 1 IS TRUE + 1 AS sum_first, 1 IS NULL + 1 AS null_plus, 2 IS NOT NULL - 1 AS not_null_minus, NULL IS NULL IS NULL AS chained, 1 IS NOT 1 = 0 AS from_left, 5 IS TRUE = 1 AS word;
--> sum_first | null_plus | not_null_minus | chained | from_left | word
--> 0 | 0 | 1 | 0 | 1 | 1

SELECT 1 BETWEEN 0 AND 2 = 1 AS between_first, 1 = 1 BETWEEN 0 AND 1 AS equal_first, 'a' LIKE 'a' LIKE '1' AS like_twice, 1 IN (1) IN (1) AS in_twice, 'b' GLOB 'b' = 1 AS of_glob;
--> between_first | equal_first | like_twice | in_twice | of_glob
--> 1 | 1 | 1 | 1 | 1

SELECT 'a' NOT LIKE 'b' = 1 AS not_like, 'a' || 'b' IN ('ab') AS joined_first, 2 < 3 IN (1) AS less_first, 1 = 2 < 3 AS then_equal, 3 > 2 = 1 AS greater_first;
--> not_like | joined_first | less_first | then_equal | greater_first
--> 1 | 1 | 1 | 1 | 1

SELECT '[1,[2,3]]' -> 1 ->> 0 + 1 AS next, '{"a":{"b":5}}' -> 'a' ->> 'b' * 2 AS doubled, 10 - '{"n":3}' ->> 'n' AS rest, '{"n":3}' ->> 'n' > 2 AS greater;
--> next | doubled | rest | greater
--> 3 | 10 | 7 | 1

SELECT x'61' || 'b' AS blob, 7 / 2 || 1 AS quotient, 7 % 4 || 2 * 3 AS rest, 1 + 2 || 3 + 4 AS sums, 1 || 2 + 3 AS joined;
--> blob | quotient | rest | sums | joined
--> ab | 0 | 21 | 28 | 15

SELECT NOT b IS NULL AS is_known, NOT b BETWEEN 1 AND 2 AS outside, NOT (b) IN (2) AS other, NOT EXISTS (SELECT 1) AS none FROM t ORDER BY id;
--> is_known | outside | other | none
--> 1 | 0 | 0 | 0
--> 1 | 1 | 1 | 0
--> 0 | NULL | NULL | 0

SELECT 1 ISNULL + 1 AS is_first, NULL ISNULL = 1 AS from_left, 1 NOTNULL + 1 AS not_first, 2 * NULL ISNULL AS product_first, (SELECT NULL) ISNULL AS of_query FROM t WHERE b ISNULL;
--> is_first | from_left | not_first | product_first | of_query
--> 1 | 1 | 2 | 1 | 1

SELECT b + 1 || 'x' AS s FROM t ORDER BY s DESC;
--> s
--> 4
--> 3
--> NULL

CREATE VIEW v AS SELECT id, 2 * b || 1 AS s FROM t;

SELECT s FROM v ORDER BY id;
--> s
--> 42
--> 62
--> NULL

CREATE TABLE made (a INTEGER, b TEXT AS (a * 2 || '!'), c INTEGER DEFAULT (2 * 1 || 0), CHECK (a || 1 <> '01'));

INSERT INTO made (a) VALUES (7);

INSERT INTO made (a) VALUES (0);
--! CHECK constraint failed: a || 1 <> '01'

SELECT * FROM made;
--> a | b | c
--> 7 | 14 | 20
