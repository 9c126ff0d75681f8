-- trim in all its forms
-- oracle: postgres
-- chapter: functions

SELECT trim('  x ') AS both, trim(LEADING FROM '  x ') || '|' AS leading, trim(TRAILING FROM ' x  ') || '|' AS trailing;
--> both | leading | trailing
--> x | x | |  x|

SELECT trim('xy' FROM 'yxTomxx') AS characters, trim(BOTH 'x' FROM 'xTomxx') AS b, trim(LEADING 'x' FROM 'xTomxx') AS l, trim('xTomxx', 'x') AS comma;
--> characters | b | l | comma
--> Tom | Tom | Tomxx | Tom

SELECT btrim('xyxtrimyyx', 'xyz') AS btrim, ltrim('zzzytest', 'xyz') AS ltrim, rtrim('testxxzx', 'xyz') AS rtrim;
--> btrim | ltrim | rtrim
--> trim | test | test

SELECT trim(E'\t x\n') = E'\t x\n' AS spaces_only, trim('' FROM 'x') AS nothing, trim(NULL) AS n, trim('   ') AS empty;
--> spaces_only | nothing | n | empty
--> t | x | NULL |

SELECT trim(FROM ' x ') AS from_only, trim(BOTH FROM 'x') AS b;
--> from_only | b
--> x | x

SELECT ltrim('  x') || '|' AS l, rtrim('x  ') || '|' AS r;
--> l | r
--> x| | x|
