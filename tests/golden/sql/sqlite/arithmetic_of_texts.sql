-- What arithmetic makes of texts, blobs and NULLs
-- oracle: sqlite
-- chapter: expressions

SELECT '5' + 3 AS sum, '5' + '3' AS texts, '5x' + 1 AS prefix, 'x5' + 1 AS none, '' + 1 AS empty, ' 5 ' + 1 AS spaces;
--> sum | texts | prefix | none | empty | spaces
--> 8 | 8 | 6 | 1 | 1 | 6

SELECT '1e2' + 0 AS exponent, '1.5' + 1 AS real, '.5' + 0 AS no_zero, '5.' + 0 AS point, '0x10' + 0 AS hexadecimal, '1e' + 0 AS cut;
--> exponent | real | no_zero | point | hexadecimal | cut
--> 100.0 | 2.5 | 0.5 | 5.0 | 0 | 1

SELECT typeof('5' + 0) AS a, typeof('5.0' + 0) AS b, typeof('1e2' + 0) AS c, typeof(-'5') AS d, typeof(+'5') AS e, typeof('5' * 1.0) AS f;
--> a | b | c | d | e | f
--> integer | real | real | integer | text | real

SELECT -'abc' AS minus, -'12abc' AS prefix, +'abc' AS plus, ~'5' AS inverted, NOT 'abc' AS negated, NOT '1' AS one;
--> minus | prefix | plus | inverted | negated | one
--> 0 | -12 | abc | -6 | 1 | 0

SELECT x'3530' + 1 AS blob, x'ff' + 1 AS bytes, typeof(x'35' + 0) AS type, x'35' || '0' AS joined, typeof(x'35' || '0') AS joined_type;
--> blob | bytes | type | joined | joined_type
--> 51 | 1 | integer | 50 | text

SELECT NULL + 1 AS a, 1 / NULL AS b, -NULL AS c, NULL || 'x' AS d, NULL * 0 AS e, ~NULL AS f;
--> a | b | c | d | e | f
--> NULL | NULL | NULL | NULL | NULL | NULL

SELECT '10' / 4 AS integers, '10' / '4.0' AS reals, 10 / '4' AS mixed, '10' % '4' AS rest, '10.7' % '4.2' AS real_rest, 10.7 % 4.2 AS rest_of_reals;
--> integers | reals | mixed | rest | real_rest | rest_of_reals
--> 2 | 2.5 | 2 | 2 | 2.0 | 2.0

SELECT 7 / 2 AS a, -7 / 2 AS b, 7 % -2 AS c, -7 % 2 AS d, 7 / 2.0 AS e, 7.5 % 2 AS f;
--> a | b | c | d | e | f
--> 3 | -3 | 1 | -1 | 3.5 | 1.0

SELECT 1 / 0 AS division, 1 % 0 AS rest, 1.0 / 0 AS real, 0 / 0 AS zeros, 1 / '' AS by_text, typeof(1 / 0) AS type;
--> division | rest | real | zeros | by_text | type
--> NULL | NULL | NULL | NULL | NULL | null

SELECT '3' & '1' AS bits, '6' | 1 AS ored, 1 << '3' AS shifted, '16' >> 2 AS back, 5.9 & 7 AS real;
--> bits | ored | shifted | back | real
--> 1 | 7 | 8 | 4 | 5

SELECT 'abc' AND 1 AS word, '1' AND '1' AS ones, '0.0' OR '' AS zeros, '0x1' OR 0 AS hexadecimal, 0.5 AND 1 AS half, 'true' OR 0 AS word_true;
--> word | ones | zeros | hexadecimal | half | word_true
--> 0 | 1 | 0 | 0 | 1 | 0

SELECT 5 || 3 AS joined, typeof(5 || 3) AS type, (5 || 3) + 1 AS sum, 1.0 || '' AS real, 1e20 || '' AS large, 0.1 + 0.2 || '' AS sum_first;
--> joined | type | sum | real | large | sum_first
--> 53 | text | 54 | 1.0 | 1.0e+20 | 0.30000000000000004

SELECT sum(x) AS sum, total(x) AS total, avg(x) AS avg, max(x) AS max, min(x) AS min FROM (SELECT column1 AS x FROM (VALUES ('5'), ('x'), (3), (NULL), ('1.5')));
--> sum | total | avg | max | min
--> 9.5 | 9.5 | 2.375 | x | 3
