-- to_char of numbers
-- oracle: postgres
-- chapter: functions

SELECT to_char(485, '999') AS padded, to_char(485, 'FM999') AS filled, to_char(-485, '999') AS minus, to_char(0.1, '0.9') AS zero, to_char(12, '9990999.9') AS zeros, to_char(1485, '9,999') AS comma, to_char(1485, '9G999') AS locale;
--> padded | filled | minus | zero | zeros | comma | locale
-->  485 | 485 | -485 |  0.1 |     0012.0 |  1,485 |  1,485

SELECT to_char(148.5, '999.999') AS point, to_char(148.5, 'FM999.999') AS fm, to_char(148.5, 'FM999.990') AS kept, to_char(12345, '999') AS too_long;
--> point | fm | kept | too_long
-->  148.500 | 148.5 | 148.500 |  ###

SELECT to_char(-485, 'S999') AS s, to_char(485, '999S') AS behind, to_char(485, 'MI999') AS mi, to_char(-485, '999MI') AS m, to_char(-485, '999PR') AS angle, to_char(485, 'PL999') AS pl, to_char(485, 'SG999') AS sg;
--> s | behind | mi | m | angle | pl | sg
--> -485 | 485+ |  485 | 485- | <485> | + 485 | +485

SELECT to_char(485, 'RN') AS roman, to_char(5.2, 'FMRN') AS fm, to_char(4000, 'RN') AS too_big;
--> roman | fm | too_big
-->         CDLXXXV | V | ###############

SELECT to_char(482, '999th') AS th, to_char(3, 'FM9th') AS rd, to_char(11, 'FM99TH') AS upper;
--> th | rd | upper
-->  482nd | 3rd | 11TH

SELECT to_char(1234567.891, '9.99EEEE') AS exponent, to_char(0.5, '99V9') AS shifted, to_char(12.45, '99V9') AS v;
--> exponent | shifted | v
-->  1.23e+06 |    5 |  125

SELECT to_char(-0.5, 'FM9.99') AS without_zero, to_char(-0.5, 'FM0.99') AS with, to_char(0, 'FM9') AS none, to_char(NULL::integer, '9') AS n;
--> without_zero | with | none | n
--> -.5 | -0.5 | 0 | NULL

SELECT to_char(485.8, '"Pre:"999" Post:" .999') AS quoted, to_char('NaN'::float8, '999') AS nan;
--> quoted | nan
--> Pre: 485 Post: .800 |  NaN

SELECT to_char(1, '9.9.9');
--! 42601: multiple decimal points
