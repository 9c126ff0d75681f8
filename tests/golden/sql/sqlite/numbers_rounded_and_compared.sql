-- abs, sign, round, min and max at their edges; division, rest and bits
-- oracle: sqlite
-- chapter: functions

SELECT abs(-5) AS a, abs(-5.5) AS b, abs('-3') AS c, abs('x') AS d, abs(NULL) AS e, abs(x'31') AS f;
--> a | b | c | d | e | f
--> 5 | 5.5 | 3.0 | 0.0 | NULL | 1.0

SELECT sign(-2) AS minus, sign(0) AS zero, sign(3.5) AS plus, sign('x') AS text, sign('-7') AS number, sign(NULL) AS n;
--> minus | zero | plus | text | number | n
--> -1 | 0 | 1 | NULL | -1 | NULL

SELECT round(2.5) AS half, round(-2.5) AS minus, round(3.5) AS next, round(2.567, 2) AS two, round(1234.5, -2) AS negative_digits, typeof(round(2)) AS type;
--> half | minus | next | two | negative_digits | type
--> 3.0 | -3.0 | 4.0 | 2.57 | 1235.0 | real

SELECT round(1.005, 2) AS binary, round(2.675, 2) AS again, round(1e20, 2) AS large, round(-0.4) AS minus_zero, round(NULL) AS n, round(5, NULL) AS m;
--> binary | again | large | minus_zero | n | m
--> 1.0 | 2.67 | 1e20 | 0.0 | NULL | NULL

SELECT round('2.5') AS text, round('x') AS word, round(0.5) AS up, round(0.49999999999999994) AS not_half, round(123456.789, 1) AS one, round(9.995, 2) AS carry;
--> text | word | up | not_half | one | carry
--> 3.0 | 0.0 | 1.0 | 1.0 | 123456.8 | 9.99

SELECT CAST(-2.7 + 0.5 AS INTEGER) AS cut, CAST(round(-2.7) AS INTEGER) AS rounded, 27 / 10 AS down, -27 / 10 AS toward_zero, (27 + 9) / 10 AS up;
--> cut | rounded | down | toward_zero | up
--> -2 | -3 | 2 | -2 | 3

SELECT min(3, 1, 2) AS min, max(3, 1, 2) AS max, min(1, NULL) AS with_null, max('a', 1) AS mixed, max(1, 1.0) AS equal, typeof(max(2, 1.5)) AS type;
--> min | max | with_null | mixed | equal | type
--> 1 | 3 | NULL | a | 1 | integer

SELECT 17 & 5 AS a, 17 | 5 AS o, (17 | 5) - (17 & 5) AS x, ~0 AS inverted, 1 << 4 AS left_shift, -16 >> 2 AS right_shift;
--> a | o | x | inverted | left_shift | right_shift
--> 1 | 21 | 20 | -1 | 16 | -4

SELECT round(0.1 + 0.2, 2) = 0.3 AS rounded, 0.1 + 0.2 = 0.3 AS plain, abs(0.1 + 0.2 - 0.3) < 1e-9 AS near;
--> rounded | plain | near
--> 1 | 0 | 1

SELECT 10 / 4 AS cut, 10 / 4.0 AS real, 10 % 4 AS rest, -10 / 4 AS toward_zero, -10 % 4 AS negative, 10 / 0 AS none, 10.0 / 0 AS none_either;
--> cut | real | rest | toward_zero | negative | none | none_either
--> 2 | 2.5 | 2 | -2 | -2 | NULL | NULL

SELECT sum(x) AS sum, round(avg(x * x) - avg(x) * avg(x), 6) AS variance, max(x) - min(x) AS spread FROM (SELECT column1 AS x FROM (VALUES (2.0), (4), (4), (4), (5), (5), (7), (9)));
--> sum | variance | spread
--> 40.0 | 4.0 | 7.0

SELECT x, round(x * 20) / 20 AS to_five_cents, CAST(x * 100 AS INTEGER) AS cents_cut, CAST(round(x * 100) AS INTEGER) AS cents FROM (SELECT column1 AS x FROM (VALUES (1.02), (1.03), (19.99), (0.29))) ORDER BY x;
--> x | to_five_cents | cents_cut | cents
--> 0.29 | 0.3 | 28 | 29
--> 1.02 | 1.0 | 102 | 102
--> 1.03 | 1.05 | 103 | 103
--> 19.99 | 20.0 | 1998 | 1999

SELECT 100 / 3 * 3 AS lost, 100 * 3 / 3 AS kept, 100 / 3.0 * 3 AS real, 1 / 3.0 AS third;
--> lost | kept | real | third
--> 99 | 100 | 100.0 | 0.3333333333333333

SELECT abs();
--! wrong number of arguments to function abs()

SELECT round(1, 2, 3);
--! wrong number of arguments to function round()

SELECT sign(1, 2);
--! wrong number of arguments to function sign()
