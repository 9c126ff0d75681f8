-- Integers have a range
-- oracle: postgres
-- chapter: types

SELECT 32767::smallint AS top, (-32768)::smallint AS bottom, -32768::smallint;
--! 22003: smallint out of range

SELECT 32768::smallint;
--! 22003: smallint out of range

SELECT 32767::smallint + 1::smallint;
--! 22003: smallint out of range

SELECT 2147483647 + 1;
--! 22003: integer out of range

SELECT 2147483647 + 1::bigint AS wider;
--> wider
--> 2147483648

SELECT 9223372036854775807 + 1;
--! 22003: bigint out of range

SELECT 9223372036854775807::numeric + 1 AS exact;
--> exact
--> 9223372036854775808

SELECT (-2147483648) / -1;
--! 22003: integer out of range

SELECT abs((-32768)::smallint);
--! 22003: smallint out of range

SELECT '32768'::smallint;
--! 22003: value "32768" is out of range for type smallint

SELECT '9223372036854775808'::bigint;
--! 22003: value "9223372036854775808" is out of range for type bigint

SELECT ' 12 '::integer AS spaces, '+5'::integer AS plus, '1.5'::integer;
--! 22P02: invalid input syntax for type integer: "1.5"

SELECT 3000000000::integer;
--! 22003: integer out of range

SELECT 1e10::integer;
--! 22003: integer out of range

SELECT 2147483647.4::integer AS rounds_down, 2147483647.5::integer;
--! 22003: integer out of range

SELECT 'NaN'::float8::integer;
--! 22003: integer out of range
