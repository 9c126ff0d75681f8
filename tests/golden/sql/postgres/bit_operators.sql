-- Bits of integers
-- oracle: postgres
-- chapter: functions

SELECT 91 & 15 AS both, 32 | 3 AS either, 17 # 5 AS one, ~1 AS not, 1 << 4 AS left, 8 >> 2 AS right;
--> both | either | one | not | left | right
--> 11 | 35 | 20 | -2 | 16 | 2

SELECT -1 >> 1 AS keeps_sign, 1 << 31 AS top, 1 << 32 AS wraps, 1::bigint << 40 AS big;
--> keeps_sign | top | wraps | big
--> -1 | -2147483648 | 1 | 1099511627776

SELECT 5::smallint & 3 AS mixed, pg_typeof(5::smallint & 3::smallint), pg_typeof(5 & 3::bigint);
--> mixed | pg_typeof | pg_typeof
--> 1 | smallint | bigint

SELECT 1.5 & 1;
--! 42883: operator does not exist: numeric & integer

SELECT bit_and(x) AS a, bit_or(x) AS o, bit_xor(x) AS x FROM (VALUES (5), (7), (NULL)) AS v(x);
--> a | o | x
--> 5 | 7 | 2

SELECT bit_and(x) FROM (VALUES (1)) AS v(x) WHERE false;
--> bit_and
--> NULL

SELECT to_hex(255) AS h, to_hex(-1) AS minus, to_hex(4294967296) AS big;
--> h | minus | big
--> ff | ffffffff | 100000000
