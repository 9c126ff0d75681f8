-- Class 22: values that cannot be
-- oracle: postgres
-- chapter: errors

SELECT 1 / 0;
--! 22012: division by zero

SELECT 1 % 0;
--! 22012: division by zero

SELECT 1.0 / 0;
--! 22012: division by zero

SELECT 'abc'::integer;
--! 22P02: invalid input syntax for type integer: "abc"

SELECT '1 2'::integer;
--! 22P02: invalid input syntax for type integer: "1 2"

SELECT ''::integer;
--! 22P02: invalid input syntax for type integer: ""

SELECT '12:00'::date;
--! 22007: invalid input syntax for type date: "12:00"

SELECT '2024-02-30'::timestamp;
--! 22008: date/time field value out of range: "2024-02-30"

SELECT 'x'::interval;
--! 22007: invalid input syntax for type interval: "x"

SELECT '{1'::integer[];
--! 22P02: malformed array literal: "{1"

SELECT '{"a"}'::json;
--! 22P02: invalid input syntax for type json

SELECT 'xyz'::uuid;
--! 22P02: invalid input syntax for type uuid: "xyz"

SELECT '10000000000'::integer;
--! 22003: value "10000000000" is out of range for type integer

SELECT 10::numeric(1);
--! 22003: numeric field overflow

SELECT 'abc'::varchar(2) AS cut, 'abcd'::char(2) AS too;
--> cut | too
--> ab | ab

SELECT substring('a' FROM 1 FOR -1);
--! 22011: negative substring length not allowed

SELECT chr(-5);
--! 22023: character number must be positive

SELECT repeat('a', 2000000000);
--! 54000: requested length too large

SELECT interval '1 day' / 0;
--! 22012: division by zero

SELECT date '5874897-12-31' + 1;
--! 22008: date out of range

SELECT timestamp '2024-01-01' + interval '300000 years';
--! 22008: timestamp out of range

SELECT sqrt(-1::numeric);
--! 2201F: cannot take square root of a negative number

SELECT power(0, -1);
--! 2201F: zero raised to a negative power is undefined

SELECT ln(0::numeric);
--! 2201E: cannot take logarithm of zero

SELECT array_fill(1, ARRAY[-1]);
--! 54000: array size exceeds the maximum allowed (134217727)

SELECT (ARRAY[1, 2])['x'];
--! 22P02: invalid input syntax for type integer: "x"

SELECT decode('zz', 'hex');
--! 22023: invalid hexadecimal digit: "z"

SELECT E'\xc3\x28';
--! 22021: invalid byte sequence for encoding "UTF8": 0xc3 0x28
