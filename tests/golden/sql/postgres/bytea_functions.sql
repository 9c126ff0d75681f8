-- Functions of bytea
-- oracle: postgres
-- chapter: functions

SELECT trim('\x0061'::bytea FROM '\x00616200'::bytea), ltrim('\x616162'::bytea, '\x61'::bytea), rtrim('\x616162'::bytea, '\x62'::bytea);
--> btrim | ltrim | rtrim
--> \x62 | \x62 | \x6161

SELECT position('\x62'::bytea IN '\x616263'::bytea), position(''::bytea IN '\x61'::bytea), position('\x7a'::bytea IN '\x61'::bytea);
--> position | position | position
--> 2 | 1 | 0

SELECT overlay('\x61626364'::bytea PLACING '\x7878'::bytea FROM 2), overlay('\x61626364'::bytea PLACING '\x78'::bytea FROM 2 FOR 2);
--> overlay | overlay
--> \x61787864 | \x617864

SELECT overlay('\x61'::bytea PLACING '\x78'::bytea FROM 0);
--! 22011: negative substring length not allowed

SELECT get_bit('\x05'::bytea, 0), get_bit('\x05'::bytea, 1), set_bit('\x00'::bytea, 7, 1);
--> get_bit | get_bit | set_bit
--> 1 | 0 | \x80

SELECT get_bit('\x05'::bytea, 8);
--! 2202E: index 8 out of valid range, 0..7

SELECT set_bit('\x05'::bytea, 0, 2);
--! 22023: new bit must be 0 or 1

SELECT encode(sha224('abc'), 'hex'), encode(sha256('abc'), 'hex');
--> encode | encode
--> 23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7 | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

SELECT encode(sha384('abc'), 'hex'), encode(sha512(''), 'hex');
--> encode | encode
--> cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7 | cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e
