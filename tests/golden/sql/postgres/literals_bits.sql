-- Strings of bits
-- oracle: postgres
-- chapter: lexical

SELECT B'1001' AS bits, X'1FF' AS hex;
--> bits | hex
--> 1001 | 000111111111
--~! 0A000: B'1001' is not supported

SELECT B'101' & B'011' AS both, B'101' | B'011' AS either, B'101' # B'011' AS one, ~ B'101' AS neither;
--> both | either | one | neither
--> 001 | 111 | 110 | 010
--~! 0A000: B'101' is not supported

SELECT B'1001' << 2 AS left, B'1001' >> 1 AS right, B'10' || B'01' AS joined;
--> left | right | joined
--> 0100 | 0100 | 1001
--~! 0A000: B'1001' is not supported

SELECT length(B'10010') AS n, octet_length(B'100100100') AS bytes, bit_count(B'1011') AS set;
--> n | bytes | set
--> 5 | 2 | 3
--~! 0A000: B'10010' is not supported

SELECT 44::bit(10) AS of_integer, B'1110'::integer AS to_integer, 44::bit(3) AS cut, (-44)::bit(12) AS negative;
--> of_integer | to_integer | cut | negative
--> 0000101100 | 14 | 100 | 111111010100
--~! 0A000: type "bit(10)" is not supported

SELECT get_bit(B'1010', 0) AS first, set_bit(B'0000', 3, 1) AS last, substring(B'110010' FROM 2 FOR 3) AS part;
--> first | last | part
--> 1 | 0001 | 100
--~! 0A000: B'1010' is not supported

SELECT B'101' & B'01';
--! 22026: cannot AND bit strings of different sizes
--~! 0A000: B'101' is not supported

SELECT B'102';
--! 22P02: "2" is not a valid binary digit
--~! 0A000: B'102' is not supported
