-- to_char of numbers: digits, signs, groups, exponents, Roman numerals
-- oracle: postgres
-- chapter: functions

SELECT to_char(1234.5, '9999.99') AS a, to_char(1234.5, '9,999.99') AS b, to_char(1234.5, '0000000') AS c, to_char(1234.5, '999') AS d, to_char(0.5, '9.99') AS e, to_char(0.5, '0.99') AS f;
--> a | b | c | d | e | f
-->  1234.50 |  1,234.50 |  0001235 |  ### |   .50 |  0.50

SELECT '[' || to_char(12, '9999') || ']' AS padded, '[' || to_char(12, 'FM9999') || ']' AS filled, '[' || to_char(-12, '9999') || ']' AS negative, '[' || to_char(12, '0999') || ']' AS zeros;
--> padded | filled | negative | zeros
--> [   12] | [12] | [  -12] | [ 0012]

SELECT to_char(-12, 'S999') AS s, to_char(12, 'S999') AS s_plus, to_char(-12, '999S') AS s_end, to_char(-12, '999MI') AS mi, to_char(12, '999MI') AS mi_plus, to_char(-12, '999PR') AS pr, to_char(12, 'PL999') AS pl, to_char(-12, 'SG999') AS sg;
--> s | s_plus | s_end | mi | mi_plus | pr | pl | sg
-->  -12 |  +12 |  12- |  12- |  12  |  <12> | +  12 | - 12

SELECT to_char(485, 'RN') AS roman, to_char(485, 'FMRN') AS filled, to_char(1999, 'FMrn') AS lower, to_char(4000, 'RN') AS too_large, to_char(0, 'RN') AS zero;
--> roman | filled | lower | too_large | zero
-->         CDLXXXV | CDLXXXV | mcmxcix | ############### | ###############

SELECT to_char(1, '9th') AS first, to_char(2, '9TH') AS second, to_char(13, '99th') AS thirteenth, to_char(22, 'FM99th') AS d22;
--> first | second | thirteenth | d22
-->  1st |  2ND |  13th | 22nd

SELECT to_char(12345.678, '9.999EEEE') AS exponent, to_char(0.00012, '9.9EEEE') AS small, to_char(-1e20, '9.99EEEE') AS negative;
--> exponent | small | negative
-->  1.235e+04 |  1.2e-04 | -1.00e+20

SELECT to_char(12, '99V99') AS shifted, to_char(12.345, '99V9') AS cut, to_char(0.1, '9V999') AS small;
--> shifted | cut | small
-->  1200 |  123 |   100

SELECT to_char(148.5, '999.999') AS a, to_char(148.5, 'FM999.999') AS b, to_char(148.5, 'FM999.990') AS c, to_char(148.5, '999D999') AS d, to_char(3148.5, '9G999D999') AS e;
--> a | b | c | d | e
-->  148.500 | 148.5 | 148.500 |  148.500 |  3,148.500

SELECT to_char(0, '9') AS zero, to_char(0, 'FM9') AS filled, to_char(0.0, '9.9') AS zeros, to_char(-0.4, '9') AS rounded, to_char(0.99, '9.9') AS carry;
--> zero | filled | zeros | rounded | carry
-->  0 | 0 |   .0 |  0 |  1.0

SELECT to_char(1.005, 'FM9.99') AS numeric, to_char(1.005::float8, 'FM9.99') AS float, to_char(2.5::float8, 'FM9') AS half, to_char(2.5, 'FM9') AS half_numeric;
--> numeric | float | half | half_numeric
--> 1.01 | 1. | 2 | 3

SELECT to_char(485, '9 9 9') AS spaced, to_char(485, '"Good number:"999') AS quoted, to_char(12, '99 "units"') AS behind, to_char(1234567, '9,9,9,9,9,9,9') AS commas;
--> spaced | quoted | behind | commas
-->  4 8 5 | Good number: 485 |  12 units |  1,2,3,4,5,6,7

SELECT to_char('NaN'::numeric, '999.99') AS nan, to_char('Infinity'::float8, '999.99') AS infinity, to_char(NULL::integer, '999') AS n, to_char(5, '') AS empty;
--> nan | infinity | n | empty
-->  NaN |  ###.## | NULL |

SELECT to_char(12345, '999') AS overflow, to_char(-12345, '999') AS negative_overflow, to_char(12345.678, '999.99') AS with_point, to_char(1e10, '9.9EEEE') AS fits;
--> overflow | negative_overflow | with_point | fits
-->  ### | -### |  ###.## |  1.0e+10

SELECT to_char(1234567890123456789, '9,999,999,999,999,999,999') AS bigint, to_char(123.456::real, '999.99') AS real, to_char(7::smallint, '000') AS smallint;
--> bigint | real | smallint
-->  1,234,567,890,123,456,789 |  123.46 |  007

SELECT to_char(5, '9.9.9');
--! 42601: multiple decimal points

SELECT to_char(5, '9EEEE9');
--! 42601: "EEEE" must be the last pattern used

SELECT n, to_char(n, 'FM999,990.00') AS money FROM (VALUES (0), (1.5), (-1234.567), (1000000)) v(n) ORDER BY n;
--> n | money
--> -1234.567 | -1,234.57
--> 0 | 0.00
--> 1.5 | 1.50
--> 1000000 | ###,###.##
