-- printf of numbers: widths, signs, zeros, thousands, exponents
-- oracle: sqlite
-- chapter: functions

SELECT printf('%d|%5d|%-5d|%05d|%+d|% d', -42, -42, -42, -42, -42, -42) AS negative;
--> negative
--> -42|  -42|-42  |-0042|-42|-42

SELECT printf('%,d', 1234567890123) AS thousands, printf('%,d', -999) AS small, printf('%,.2f', 1234567.891) AS real, printf('%,d', 0) AS zero;
--> thousands | small | real | zero
--> 1,234,567,890,123 | -999 | 1,234,567.89 | 0

SELECT printf('%.3d', 7) AS precision, printf('%8.3d|', 7) AS both, printf('%-8d|', 7) AS left, printf('%+05d', 7) AS plus_zero;
--> precision | both | left | plus_zero
--> 007 |      007| | 7       | | +0007

SELECT printf('%x', 255) AS hex, printf('%X', 255) AS upper, printf('%#x', 255) AS prefix, printf('%o', 8) AS octal, printf('%x', -1) AS negative, printf('%08x', 48879) AS zeros;
--> hex | upper | prefix | octal | negative | zeros
--> ff | FF | 0xff | 10 | ffffffffffffffff | 0000beef

SELECT printf('%f', 1.5) AS six, printf('%.0f', 2.5) AS half, printf('%.0f', 3.5) AS other_half, printf('%.1f', 0.25) AS quarter, printf('%.2f', 1.005) AS binary, printf('%.3f', -0.0005) AS negative;
--> six | half | other_half | quarter | binary | negative
--> 1.500000 | 3 | 4 | 0.3 | 1.00 | -0.001

SELECT printf('%e', 12345.678) AS e, printf('%.2e', 0.00012) AS small, printf('%E', 1e100) AS upper, printf('%g', 1e10) AS g, printf('%g', 123456) AS digits, printf('%g', 1234567) AS more;
--> e | small | upper | g | digits | more
--> 1.234568e+04 | 1.20e-04 | 1.000000E+100 | 1e+10 | 123456 | 1.23457e+06

SELECT printf('%g', 0.0001) AS a, printf('%g', 0.00001) AS b, printf('%.3g', 3.14159) AS c, printf('%#g', 1.0) AS d, printf('%!g', 0.1) AS e;
--> a | b | c | d | e
--> 0.0001 | 1e-05 | 3.14 | 1.00000 | 0.1

SELECT printf('%10.3f|%-10.3f|%010.3f', 3.14159, 3.14159, 3.14159) AS padded, printf('%+.1f', 2) AS plus, printf('% .1f', 2) AS blank;
--> padded | plus | blank
-->      3.142|3.142     |000003.142 | +2.0 |  2.0

SELECT printf('%d', 1e3) AS of_real, printf('%d', '12.9') AS of_text, printf('%f', '1.5') AS float_of_text, printf('%d', x'3132') AS of_blob, printf('%d', 'abc') AS of_word;
--> of_real | of_text | float_of_text | of_blob | of_word
--> 1000 | 12 | 1.500000 | 12 | 0

SELECT printf('%f', 1e308 * 10) AS infinity, printf('%d', 9223372036854775807) AS largest, printf('%u', -1) AS unsigned, printf('%lld', -5) AS long;
--> infinity | largest | unsigned | long
--> Inf | 9223372036854775807 | 18446744073709551615 | -5

SELECT printf('%*d|%-*d', 6, 42, 6, 42) AS star, printf('%.*f', 2, 3.14159) AS star_precision, printf('%5.1f%%', 12.345) AS percent;
--> star | star_precision | percent
-->     42|42     | 3.14 |  12.3%

SELECT printf('%.15g', 0.1) AS fifteen, printf('%.17g', 0.1) AS seventeen, printf('%.20f', 0.1) AS twenty, printf('%.10f', 1e15) AS large;
--> fifteen | seventeen | twenty | large
--> 0.1 | 0.1 | 0.10000000000000000000 | 1000000000000000.0000000000

SELECT printf('%s', 1.0) AS text_of_real, printf('%s', 1e20) AS of_large, printf('%s', 12) AS of_integer, printf('%s', x'414243') AS of_blob;
--> text_of_real | of_large | of_integer | of_blob
--> 1.0 | 1.0e+20 | 12 | ABC

SELECT printf('%02d:%02d', 75 / 60, 75 % 60) AS clock, printf('%d.%02d', 1234 / 100, 1234 % 100) AS cents, printf('#%06d', 42) AS number;
--> clock | cents | number
--> 01:15 | 12.34 | #000042

SELECT printf('%.3g', 123456.789) AS cut, printf('%.2e', 123456.789) AS e, printf('%.4g', 123456.789) AS up, printf('%.1e', 99.96) AS carried, printf('%.0e', 2.5) AS half;
--> cut | e | up | carried | half
--> 1.23e+05 | 1.23e+05 | 1.235e+05 | 1.0e+02 | 3e+00
