-- substr, instr, trim, replace, upper, unicode, char and hex at their edges
-- oracle: sqlite
-- chapter: functions

SELECT substr('abcdef', 2) AS a, substr('abcdef', 2, 3) AS b, substr('abcdef', -2) AS c, substr('abcdef', -4, 2) AS d, substr('abcdef', 0, 3) AS e, substr('abcdef', 3, -2) AS f;
--> a | b | c | d | e | f
--> bcdef | bcd | ef | cd | ab | ab

SELECT substr('abcdef', 9) AS behind, substr('abcdef', -9, 5) AS before, substr('abcdef', 2, 0) AS none, substr('abcdef', 0) AS zero, substr(12345, 2, 2) AS number, substr(NULL, 1) AS n;
--> behind | before | none | zero | number | n
-->  | ab |  | abcdef | 23 | NULL

SELECT substr('é日👍', 2, 1) AS unicode, substr(x'01020304', 2, 2) AS blob, substring('abc', 2) AS substring, substr('abc', 1.9) AS real, substr('abc', '2') AS text;
--> unicode | blob | substring | real | text
--> 日 | x'0203' | bc | abc | bc

SELECT instr('abcabc', 'c') AS first, instr('abc', 'x') AS none, instr('abc', '') AS empty, instr('é日', '日') AS unicode, instr(x'0102', x'02') AS blob, instr(12345, 34) AS numbers;
--> first | none | empty | unicode | blob | numbers
--> 3 | 0 | 1 | 2 | 2 | 3

SELECT trim('  a b  ') AS both, ltrim('  a') AS left_side, rtrim('a  ') AS right_side, trim('xyaxy', 'xy') AS chars, trim('abc', '') AS none, '[' || trim(char(9) || 'a') || ']' = '[' || char(9) || 'a]' AS tab_stays;
--> both | left_side | right_side | chars | none | tab_stays
--> a b | a | a | a | abc | 1

SELECT replace('abcabc', 'b', 'XY') AS longer, replace('abc', 'x', 'y') AS none, replace('abc', '', 'y') AS empty, replace('aaa', 'aa', 'b') AS once, replace('a1b1', 1, 2) AS numbers, replace('abc', 'b', NULL) AS n;
--> longer | none | empty | once | numbers | n
--> aXYcaXYc | abc | abc | ba | a2b2 | NULL

SELECT upper('abc é') AS upper, lower('ABC É') AS lower, upper(NULL) AS n, upper(12) AS number, typeof(upper(12)) AS type;
--> upper | lower | n | number | type
--> ABC é | abc É | NULL | 12 | text

SELECT length('é日👍') AS characters, length('') AS empty, length(NULL) AS n, length(12.50) AS number, length(x'0102') AS bytes, octet_length('é日👍') AS octets;
--> characters | empty | n | number | bytes | octets
--> 3 | 0 | NULL | 4 | 2 | 9

SELECT unicode('é') AS e, unicode('') AS empty, char(233, 26085, 128077) AS texts, char() AS none, hex('é') AS hex, hex(255) AS hex_of_number, hex(x'00ff') AS hex_of_blob;
--> e | empty | texts | none | hex | hex_of_number | hex_of_blob
--> 233 | NULL | é日👍 |  | C3A9 | 323535 | 00FF

SELECT unhex('41FF') AS blob, unhex('4') AS odd, unhex('4x') AS bad, unhex('41-42', '-') AS separated, unhex('') AS empty, quote(unhex('41')) AS quoted;
--> blob | odd | bad | separated | empty | quoted
--> x'41ff' | NULL | NULL | x'4142' | x'' | X'41'

SELECT quote('it''s') AS text, quote(1.0) AS real, quote(NULL) AS n, quote(x'01') AS blob, quote(1e100) AS large, quote('') AS empty;
--> text | real | n | blob | large | empty
--> 'it''s' | 1.0 | NULL | X'01' | 1.0e+100 | ''

SELECT concat('a', NULL, 1, 2.5) AS concat, concat_ws('-', 'a', NULL, 'b') AS ws, concat_ws(NULL, 'a') AS no_separator, 'a' || NULL AS operator, concat(NULL) = '' AS empty;
--> concat | ws | no_separator | operator | empty
--> a12.5 | a-b | NULL | NULL | 1

SELECT zeroblob(3) AS zeros, length(zeroblob(5)) AS length, soundex('Robert') IS NULL AS none;
--> zeros | length | none
--> x'000000' | 5 | 0

SELECT 'abc' || 1 + 2 AS joined_first, '1' || 2 * 3 AS times_last, -'1' || '2' AS minus, 'a' || 'b' = 'ab' AS compared;
--> joined_first | times_last | minus | compared
--> 2 | 36 | -12 | 1

SELECT likely(1) AS likely, unlikely(0) AS unlikely, likelihood(5, 0.9) AS likelihood, coalesce(NULL, NULL, 3) AS coalesced, ifnull(NULL, 'x') AS ifnull, iif(0, 'yes', 'no') AS iif, iif(NULL, 'yes') AS iif_two;
--> likely | unlikely | likelihood | coalesced | ifnull | iif | iif_two
--> 1 | 0 | 5 | 3 | x | no | NULL

SELECT replace('abc', '', NULL) AS nothing_looked_for, replace('abc', 'b', NULL) AS by_null, replace('abc', NULL, 'x') AS null_looked_for, replace(12, '', 'x') AS number;
--> nothing_looked_for | by_null | null_looked_for | number
--> abc | NULL | NULL | 12
