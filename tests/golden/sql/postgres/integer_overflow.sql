-- Integers overflow at each width, and in which operations
-- oracle: postgres
-- chapter: errors

SELECT 32767::smallint + 1::smallint;
--! 22003: smallint out of range

SELECT 32767::smallint + 1 AS is_integer, pg_typeof(32767::smallint + 1::smallint * 0::smallint) AS kept;
--> is_integer | kept
--> 32768 | smallint

SELECT 2147483647 + 1;
--! 22003: integer out of range

SELECT -2147483648 - 1;
--! 22003: integer out of range

SELECT 2147483647 * 2;
--! 22003: integer out of range

SELECT 2147483647 + 1::bigint AS is_bigint, 2147483648 AS literal, pg_typeof(2147483648) AS type, pg_typeof(9223372036854775808) AS wider;
--> is_bigint | literal | type | wider
--> 2147483648 | 2147483648 | bigint | numeric

SELECT 9223372036854775807 + 1;
--! 22003: bigint out of range

SELECT (-9223372036854775808)::bigint - 1;
--! 22003: bigint out of range

SELECT 3037000500::bigint * 3037000500;
--! 22003: bigint out of range

SELECT -(-32768)::smallint;
--! 22003: smallint out of range

SELECT abs((-2147483648)::integer);
--! 22003: integer out of range

SELECT (-2147483648)::integer / -1;
--! 22003: integer out of range

SELECT (-2147483648)::integer % -1 AS rest, (-9223372036854775808)::bigint % -1 AS of_bigint;
--> rest | of_bigint
--> 0 | 0

SELECT 40000::smallint;
--! 22003: smallint out of range

SELECT 3000000000::integer;
--! 22003: integer out of range

SELECT 9223372036854775808::bigint;
--! 22003: bigint out of range

SELECT 1e10::integer;
--! 22003: integer out of range

SELECT 'NaN'::float8::integer;
--! 22003: integer out of range

SELECT 9.3e18::float8::bigint;
--! 22003: bigint out of range

SELECT '2147483648'::integer;
--! 22003: value "2147483648" is out of range for type integer

SELECT sum(x) AS sum, pg_typeof(sum(x)) AS type FROM (VALUES (2147483647), (1)) v(x);
--> sum | type
--> 2147483648 | bigint

SELECT sum(x) AS sum, pg_typeof(sum(x)) AS type FROM (VALUES (9223372036854775807), (1)) v(x);
--> sum | type
--> 9223372036854775808 | numeric

SELECT 2147483647 # 1 AS xor, 1 << 31 AS shifted, 1 << 32 AS around, 1::bigint << 63 AS sign;
--> xor | shifted | around | sign
--> 2147483646 | -2147483648 | 1 | -9223372036854775808

SELECT lcm(2147483647, 2);
--! 22003: integer out of range
