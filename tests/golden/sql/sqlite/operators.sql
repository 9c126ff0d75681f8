-- Operators and which binds first
-- oracle: sqlite
-- chapter: expressions

SELECT 1 + 2 * 3 AS a, (1 + 2) * 3 AS b, 10 - 4 - 3 AS c, -2 * -3 AS d;
--> a | b | c | d
--> 7 | 9 | 3 | 6

SELECT 'a' || 'b' || 1 AS joined, 1 || 2 AS numbers, NULL || 'a' AS none, 1 + '2' || '3' AS before_plus;
--> joined | numbers | none | before_plus
--> ab1 | 12 | NULL | 24

SELECT 5 & 3, 5 | 3, ~5, 1 << 3, 16 >> 2, 1 << -1, -1 >> 1, 1 << 64 AS none;
--> 5 & 3 | 5 | 3 | ~5 | 1 << 3 | 16 >> 2 | 1 << -1 | -1 >> 1 | none
--> 1 | 7 | -6 | 8 | 4 | 0 | -1 | 0

SELECT 1 = 1, 1 == 1, 1 <> 2, 1 != 2, 1 < 2, 2 <= 2, NOT 1, NOT 0, NOT NULL;
--> 1 = 1 | 1 == 1 | 1 <> 2 | 1 != 2 | 1 < 2 | 2 <= 2 | NOT 1 | NOT 0 | NOT NULL
--> 1 | 1 | 1 | 1 | 1 | 1 | 0 | 1 | NULL

SELECT 2 = 2 = 1 AS left_first, 1 < 2 < 3 AS chain, 3 > 2 > 1 AS other, 1 = 2 < 3 AS compares_first;
--> left_first | chain | other | compares_first
--> 1 | 1 | 0 | 1

SELECT 1 AND 0 OR 1 AS r, NOT 1 = 2 AS n, NOT 0 + 1 AS m, - - 1 AS mm, + 'a' AS plus, -'5x' AS prefix;
--> r | n | m | mm | plus | prefix
--> 1 | 1 | 0 | 1 | a | -5

SELECT 7 % 3, -7 % 3, 7 % 0, 7 / 0, 7.5 % 2, 7 / 2, 7 / 2.0, 5 % 2.9;
--> 7 % 3 | -7 % 3 | 7 % 0 | 7 / 0 | 7.5 % 2 | 7 / 2 | 7 / 2.0 | 5 % 2.9
--> 1 | -1 | NULL | NULL | 1.0 | 3 | 3.5 | 1.0

SELECT 'abc' < 'abd', 'a' < 1, 1 < 'a', x'61' > 'a', NULL < 1;
--> 'abc' < 'abd' | 'a' < 1 | 1 < 'a' | x'61' > 'a' | NULL < 1
--> 1 | 0 | 1 | 1 | NULL

SELECT 1 IS 1, NULL IS NULL, 1 IS NOT NULL, 1 IS DISTINCT FROM 2, NULL IS NOT DISTINCT FROM NULL;
--> 1 IS 1 | NULL IS NULL | 1 IS NOT NULL | 1 IS DISTINCT FROM 2 | NULL IS NOT DISTINCT FROM NULL
--> 1 | 1 | 1 | 1 | 1

SELECT 3 BETWEEN 1 AND 5 AND 0 AS b, 3 NOT BETWEEN 4 AND 5 AS n, 'b' BETWEEN 'a' AND 'c' AS t;
--> b | n | t
--> 0 | 1 | 1

SELECT '{"a":1}' -> 'a' AS arrow, '{"a":"x"}' ->> 'a' AS two;
--> arrow | two
--> 1 | x

SELECT 1 +;
--! near ";": syntax error
