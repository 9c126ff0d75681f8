-- Lengths of texts in characters, bytes and bits
-- oracle: postgres
-- chapter: functions

SELECT length('jose') AS l, char_length('josé') AS c, character_length('josé') AS cc, octet_length('josé') AS o, bit_length('josé') AS b;
--> l | c | cc | o | b
--> 4 | 4 | 4 | 5 | 40

SELECT length('') AS zero, length(NULL) AS n, length('ab '::char(5)) AS unpadded, octet_length('ab'::char(5)) AS padded;
--> zero | n | unpadded | padded
--> 0 | NULL | 2 | 5

SELECT length('\xc3a9'::bytea, 'UTF8') AS decoded;
--> decoded
--> 1

SELECT ascii('x') AS a, ascii('é') AS e, ascii('') AS none, chr(65) AS c, chr(233) AS wide;
--> a | e | none | c | wide
--> 120 | 233 | 0 | A | é

SELECT chr(0);
--! 54000: null character not permitted

SELECT chr(-1);
--! 22023: character number must be positive
