-- Bytes
-- oracle: postgres
-- chapter: types

SELECT '\xDEADbeef'::bytea AS hex, 'abc\000\\'::bytea AS escaped, ''::bytea AS none;
--> hex | escaped | none
--> \xdeadbeef | \x616263005c | \x

SELECT '\xabc'::bytea;
--! 22023: invalid hexadecimal data: odd number of digits

SELECT '\xzz'::bytea;
--! 22023: invalid hexadecimal digit: "z"

SELECT '\x01'::bytea || '\x02'::bytea AS joined, length('\x010203'::bytea) AS n, octet_length('\x0102'::bytea) AS o;
--> joined | n | o
--> \x0102 | 3 | 2

SELECT get_byte('\x0a0b'::bytea, 1) AS b, set_byte('\x0a0b'::bytea, 0, 255) AS s, get_bit('\x01'::bytea, 0) AS bit;
--> b | s | bit
--> 11 | \xff0b | 1

SELECT get_byte('\x0a0b'::bytea, 2);
--! 2202E: index 2 out of valid range, 0..1

SELECT substring('\x01020304'::bytea FROM 2 FOR 2) AS part, position('\x03'::bytea IN '\x0103'::bytea) AS p, trim('\x00'::bytea FROM '\x00aa00'::bytea) AS t;
--> part | p | t
--> \x0203 | 2 | \xaa

SELECT encode('\x00ff41'::bytea, 'hex') AS hex, encode('\x00ff41'::bytea, 'base64') AS b64, encode('\x00ff41'::bytea, 'escape') AS e;
--> hex | b64 | e
--> 00ff41 | AP9B | \000\377A

SELECT decode('AP9B', 'base64') AS b, decode('41', 'hex') AS h, decode('4', 'hex');
--! 22023: invalid hexadecimal data: odd number of digits

SELECT encode('a'::bytea, 'rot13');
--! 22023: unrecognized encoding: "rot13"

SELECT md5('\x01'::bytea) AS m, sha256('abc'::bytea) AS s;
--> m | s
--> 55a54008ad1ba589aa210d2629c1df41 | \xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

SELECT convert_from('\xc3a4'::bytea, 'UTF8') AS text, convert_to('a', 'UTF8') AS bytes;
--> text | bytes
--> ä | \x61

SELECT '\x01'::bytea < '\x02'::bytea AS less, '\x0100'::bytea > '\x01'::bytea AS longer, overlay('\x010203'::bytea PLACING '\xff'::bytea FROM 2) AS o;
--> less | longer | o
--> t | t | \x01ff03

SELECT 'abc'::bytea = '\x616263'::bytea AS same, reverse('abc') AS r, bit_count('\x0f'::bytea) AS bits;
--> same | r | bits
--> t | cba | 4
