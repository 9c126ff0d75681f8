-- printf and format
-- oracle: sqlite
-- chapter: functions

SELECT printf('%d|%5d|%-5d|%05d|%+d|% d', 42, 42, 42, 42, 42, 42);
--> printf('%d|%5d|%-5d|%05d|%+d|% d', 42, 42, 42, 42, 42, 42)
--> 42|   42|42   |00042|+42| 42

SELECT printf('%d', '12abc'), printf('%d', 3.9), printf('%d', NULL), printf('%i', -7), printf('%u', -1);
--> printf('%d', '12abc') | printf('%d', 3.9) | printf('%d', NULL) | printf('%i', -7) | printf('%u', -1)
--> 12 | 3 | 0 | -7 | 18446744073709551615

SELECT printf('%f|%.2f|%10.3f|%-10.1f|%e|%g|%G', 3.14159, 3.14159, 3.14159, 3.14159, 31415.9, 0.0001, 1e20);
--> printf('%f|%.2f|%10.3f|%-10.1f|%e|%g|%G', 3.14159, 3.14159, 3.14159, 3.14159, 31415.9, 0.0001, 1e20)
--> 3.141590|3.14|     3.142|3.1       |3.141590e+04|0.0001|1E+20

SELECT printf('%s|%10s|%-10s|%.2s|%s', 'abc', 'abc', 'abc', 'abc', NULL);
--> printf('%s|%10s|%-10s|%.2s|%s', 'abc', 'abc', 'abc', 'abc', NULL)
--> abc|       abc|abc       |ab|

SELECT printf('%x %X %#x %o %#o %c%c', 255, 255, 255, 8, 8, 'abc', 65);
--> printf('%x %X %#x %o %#o %c%c', 255, 255, 255, 8, 8, 'abc', 65)
--> ff FF 0xff 10 010 a6

SELECT printf('%q|%Q|%Q|%w', 'it''s', 'it''s', NULL, 'a"b');
--> printf('%q|%Q|%Q|%w', 'it''s', 'it''s', NULL, 'a"b')
--> it''s|'it''s'|NULL|a""b

SELECT printf('%,d|%,d', 1234567, -1234), printf('%%'), printf('%5%');
--> printf('%,d|%,d', 1234567, -1234) | printf('%%') | printf('%5%')
--> 1,234,567|-1,234 | % |     %

SELECT printf('%*d|%-*d|%.*f', 6, 42, 6, 42, 1, 3.14159);
--> printf('%*d|%-*d|%.*f', 6, 42, 6, 42, 1, 3.14159)
-->     42|42    |3.1

SELECT printf('%s %s', 'one'), printf('%d'), printf('none', 1, 2), printf('%z', 1);
--> printf('%s %s', 'one') | printf('%d') | printf('none', 1, 2) | printf('%z', 1)
--> one  | 0 | none | 1

SELECT format('%s-%d', 'a', 5), printf(NULL), printf(), printf('%!.20f', 0.1);
--> format('%s-%d', 'a', 5) | printf(NULL) | printf() | printf('%!.20f', 0.1)
--> a-5 | NULL | NULL | 0.1000000000000000056
--~> format('%s-%d', 'a', 5) | printf(NULL) | printf() | printf('%!.20f', 0.1)
--~> a-5 | NULL | NULL | 0.100000000000000006

SELECT printf('%lld %ld', 9223372036854775807, 5), printf('%5s|', 'äö'), printf('%.3d', 5);
--> printf('%lld %ld', 9223372036854775807, 5) | printf('%5s|', 'äö') | printf('%.3d', 5)
--> 9223372036854775807 5 |  äö| | 005
