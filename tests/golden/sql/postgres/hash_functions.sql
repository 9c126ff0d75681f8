-- Digests and encodings of texts
-- oracle: postgres
-- chapter: functions

SELECT md5('abc') AS md5, md5('') AS empty;
--> md5 | empty
--> 900150983cd24fb0d6963f7d28e17f72 | d41d8cd98f00b204e9800998ecf8427e

SELECT sha224('abc') AS s224;
--> s224
--> \x23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7

SELECT encode(sha256('abc'), 'hex') AS s256;
--> s256
--> ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

SELECT encode(sha384('abc'), 'base64') AS s384;
--> s384
--> ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn

SELECT left(encode(sha512('abc'), 'hex'), 32) AS s512;
--> s512
--> ddaf35a193617abacc417349ae204131

SELECT encode('hello world'::bytea, 'base64') AS e, decode('aGVsbG8=', 'base64') AS d, decode('a', 'base64');
--! 22023: invalid base64 end sequence

SELECT encode(E'a\\000b'::bytea, 'escape') AS e, decode('a\001', 'escape') AS d;
--> e | d
--> a\000b | \x6101

SELECT decode('xyz', 'hex');
--! 22023: invalid hexadecimal digit: "x"

SELECT md5(NULL) AS n;
--> n
--> NULL
