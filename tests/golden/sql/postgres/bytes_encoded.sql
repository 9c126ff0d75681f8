-- Bytes as hex, base64 and escape, and their parts
-- oracle: postgres
-- chapter: functions

SELECT encode('\x00ff10'::bytea, 'hex') AS hex, encode('\x00ff10'::bytea, 'base64') AS base64, encode('\x00ff41'::bytea, 'escape') AS escape;
--> hex | base64 | escape
--> 00ff10 | AP8Q | \000\377A

SELECT decode('00FF10', 'hex') AS hex, decode('AP8Q', 'base64') AS base64, decode('a\000\\b', 'escape') AS escape;
--> hex | base64 | escape
--> \x00ff10 | \x00ff10 | \x61005c62

SELECT decode('0g', 'hex');
--! 22023: invalid hexadecimal digit: "g"

SELECT decode('abc', 'hex');
--! 22023: invalid hexadecimal data: odd number of digits

SELECT decode('A', 'base64');
--! 22023: invalid base64 end sequence

SELECT encode('\x01', 'rot13');
--! 22023: unrecognized encoding: "rot13"

SELECT length(encode(decode(repeat('00', 58), 'hex'), 'base64')) AS broken_lines, position(E'\n' IN encode(decode(repeat('00', 58), 'hex'), 'base64')) AS at;
--> broken_lines | at
--> 81 | 77

SELECT '\x41'::bytea AS hex, 'A'::bytea AS text, '\101'::bytea AS octal, E'\\\\'::bytea AS backslash, '\x41'::bytea = 'A' AS equal;
--> hex | text | octal | backslash | equal
--> \x41 | \x41 | \x41 | \x5c | t

SELECT '\x4'::bytea;
--! 22023: invalid hexadecimal data: odd number of digits

SELECT '\9'::bytea;
--! 22P02: invalid input syntax for type bytea

SELECT length('\x010203'::bytea) AS length, octet_length('\x010203'::bytea) AS octets, bit_length('\x0102'::bytea) AS bits, bit_count('\xff01'::bytea) AS ones;
--> length | octets | bits | ones
--> 3 | 3 | 16 | 9

SELECT get_byte('\x0102ff', 2) AS byte, set_byte('\x0102ff', 0, 255) AS set, get_bit('\x01'::bytea, 0) AS bit, set_bit('\x00'::bytea, 7, 1) AS set_bit;
--> byte | set | bit | set_bit
--> 255 | \xff02ff | 1 | \x80

SELECT get_bit('\x01', 0);
--! 22P02: "\" is not a valid binary digit
--~> get_bit
--~> 1

SELECT get_byte('\x01', 1);
--! 2202E: index 1 out of valid range, 0..0

SELECT substring('\x01020304'::bytea FROM 2 FOR 2) AS part, substr('\x01020304'::bytea, 3) AS rest, overlay('\x01020304'::bytea PLACING '\xff' FROM 2 FOR 2) AS overlaid, position('\x03'::bytea IN '\x010203') AS position;
--> part | rest | overlaid | position
--> \x0203 | \x0304 | \x01ff04 | 3

SELECT '\x01'::bytea || '\x02' AS joined, trim('\x00'::bytea FROM '\x00ff00') AS trimmed, ltrim('\x0001'::bytea, '\x00') AS left, reverse('ab') AS text_only;
--> joined | trimmed | left | text_only
--> \x0102 | \xff | \x01 | ba

SELECT x FROM (VALUES ('\x01'::bytea), ('\x'), ('\xff'), ('\x0100'), (NULL)) v(x) ORDER BY x;
--> x
--> \x
--> \x01
--> \x0100
--> \xff
--> NULL

SELECT md5('\x61'::bytea) AS md5, encode(sha256('abc'), 'hex') AS sha256, left(encode(sha512('abc'), 'hex'), 16) AS sha512, encode(sha224('abc'), 'hex') AS sha224;
--> md5 | sha256 | sha512 | sha224
--> 0cc175b9c0f1b6a831c399e269772661 | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad | ddaf35a193617aba | 23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7

SELECT string_agg(x, '\x2c' ORDER BY x) AS joined, max(encode(x, 'hex')) AS largest, count(DISTINCT x) AS distinct FROM (VALUES ('\x61'::bytea), ('\x62'), ('\x61')) v(x);
--> joined | largest | distinct
--> \x612c612c62 | 62 | 2

SELECT convert_to('é', 'UTF8') AS utf8, convert_to('é', 'LATIN1') AS latin1, convert_from('\xe9', 'LATIN1') AS back, convert('\xe9', 'LATIN1', 'UTF8') AS converted;
--> utf8 | latin1 | back | converted
--> \xc3a9 | \xe9 | é | \xc3a9
--~! 42883: function convert(unknown, unknown, unknown) does not exist
