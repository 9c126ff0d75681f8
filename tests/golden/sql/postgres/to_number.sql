-- to_number reads numbers by a template
-- oracle: postgres
-- chapter: functions

SELECT to_number('12,454.8-', '99G999D9S') AS n;
--> n
--> -12454.8

SELECT to_number('1,234.56', '9,999.99') AS c, to_number('-12', 'S99') AS minus, to_number('<12>', '99PR') AS angle;
--> c | minus | angle
--> 1234.56 | -12 | -12

SELECT to_number('$123.45', 'L999.99') AS l, to_number('00012', '99999') AS zeros, to_number('12abc', '99') AS cut;
--> l | zeros | cut
--> 123.45 | 12 | 12

SELECT to_number('abc', '999');
--! 22P02: invalid input syntax for type numeric: " "

SELECT to_number('', '999');
--! 22P02: invalid input syntax for type numeric: " "

SELECT to_number(NULL, '9') AS n;
--> n
--> NULL
