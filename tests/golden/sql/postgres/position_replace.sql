-- position, strpos, replace, translate, overlay
-- oracle: postgres
-- chapter: functions

SELECT position('om' IN 'Thomas') AS p, position('z' IN 'Thomas') AS none, position('' IN 'abc') AS empty, strpos('high', 'ig') AS s;
--> p | none | empty | s
--> 3 | 0 | 1 | 2

SELECT replace('abcdefabcdef', 'cd', 'XX') AS r, replace('abc', '', 'x') AS empty, replace('abc', 'b', '') AS removed, replace('aaa', 'aa', 'b') AS once;
--> r | empty | removed | once
--> abXXefabXXef | abc | ac | ba

SELECT translate('12345', '143', 'ax') AS t, translate('abc', 'b', '') AS removed;
--> t | removed
--> a2x5 | ac

SELECT overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4) AS o, overlay('abcdef' PLACING 'X' FROM 3) AS one, overlay('abc' PLACING 'XYZ' FROM 2 FOR 0) AS inserted;
--> o | one | inserted
--> Thomas | abXdef | aXYZbc

SELECT overlay('abc' PLACING 'X' FROM 0);
--! 22011: negative substring length not allowed

SELECT reverse('abcde') AS r, starts_with('alphabet', 'alph') AS s, 'alphabet' ^@ 'alph' AS operator;
--> r | s | operator
--> edcba | t | t

SELECT replace(NULL, 'a', 'b') AS n, replace('abc', NULL, 'x') AS m;
--> n | m
--> NULL | NULL
