-- Functions of texts
-- oracle: sqlite
-- chapter: functions

SELECT length('abc'), length('äö'), length(x'0102'), length(12.5), length(NULL), length('');
--> length('abc') | length('äö') | length(x'0102') | length(12.5) | length(NULL) | length('')
--> 3 | 2 | 2 | 4 | NULL | 0

SELECT upper('aBc1'), lower('AbC'), upper('ä'), upper(5), upper(NULL);
--> upper('aBc1') | lower('AbC') | upper('ä') | upper(5) | upper(NULL)
--> ABC1 | abc | ä | 5 | NULL

SELECT substr('hello', 2), substr('hello', 2, 2), substr('hello', -3), substr('hello', -3, 2), substr('hello', 0, 2), substr('hello', 3, -2), substr('hello', 9), substring('hello', 2, 1);
--> substr('hello', 2) | substr('hello', 2, 2) | substr('hello', -3) | substr('hello', -3, 2) | substr('hello', 0, 2) | substr('hello', 3, -2) | substr('hello', 9) | substring('hello', 2, 1)
--> ello | el | llo | ll | h | he |  | e

SELECT trim('  x '), ltrim('  x ') || '|', rtrim(' x  ') || '|', trim('xxaxx', 'x'), ltrim('xyz', 'yx'), rtrim('abc', ''), trim(5);
--> trim('  x ') | ltrim('  x ') || '|' | rtrim(' x  ') || '|' | trim('xxaxx', 'x') | ltrim('xyz', 'yx') | rtrim('abc', '') | trim(5)
--> x | x | |  x| | a | z | abc | 5

SELECT replace('abcabc', 'b', 'X'), replace('abc', '', 'x'), replace('abc', 'b', ''), replace(NULL, 'a', 'b'), replace(121, 1, 'x');
--> replace('abcabc', 'b', 'X') | replace('abc', '', 'x') | replace('abc', 'b', '') | replace(NULL, 'a', 'b') | replace(121, 1, 'x')
--> aXcaXc | abc | ac | NULL | x2x

SELECT instr('hello', 'l'), instr('hello', 'z'), instr('hello', ''), instr(x'0102', x'02'), instr(NULL, 'a'), instr(123, 2);
--> instr('hello', 'l') | instr('hello', 'z') | instr('hello', '') | instr(x'0102', x'02') | instr(NULL, 'a') | instr(123, 2)
--> 3 | 0 | 1 | 2 | NULL | 2

SELECT hex('abc'), hex(x'00ff'), hex(10), hex(NULL), unhex('6162'), unhex('6'), unhex('61 62', ' '), unhex('zz');
--> hex('abc') | hex(x'00ff') | hex(10) | hex(NULL) | unhex('6162') | unhex('6') | unhex('61 62', ' ') | unhex('zz')
--> 616263 | 00FF | 3130 |  | x'6162' | NULL | x'6162' | NULL

SELECT char(65, 66, 233), char(), unicode('A'), unicode('äb'), unicode(''), unicode(NULL);
--> char(65, 66, 233) | char() | unicode('A') | unicode('äb') | unicode('') | unicode(NULL)
--> ABé |  | 65 | 228 | NULL | NULL

SELECT quote('it''s'), quote(5), quote(1.5), quote(NULL), quote(x'01'), quote(''), quote(1e100);
--> quote('it''s') | quote(5) | quote(1.5) | quote(NULL) | quote(x'01') | quote('') | quote(1e100)
--> 'it''s' | 5 | 1.5 | NULL | X'01' | '' | 1.0e+100

SELECT concat('a', NULL, 5), concat_ws('-', 'a', NULL, 'b'), concat_ws(NULL, 'a');
--> concat('a', NULL, 5) | concat_ws('-', 'a', NULL, 'b') | concat_ws(NULL, 'a')
--> a5 | a-b | NULL

SELECT soundex('hello');
--> soundex('hello')
--> H400

SELECT octet_length('ä'), octet_length(x'00'), octet_length(NULL), octet_length(12);
--> octet_length('ä') | octet_length(x'00') | octet_length(NULL) | octet_length(12)
--> 2 | 1 | NULL | 2

SELECT substr('abc');
--! wrong number of arguments to function substr()

SELECT length();
--! wrong number of arguments to function length()

SELECT upper('a', 'b');
--! wrong number of arguments to function upper()
