-- Class 22: what values cannot be turned into, computed or stored
-- oracle: postgres
-- chapter: errors

SELECT 1 / 0;
--! 22012: division by zero

SELECT 'abc'::integer;
--! 22P02: invalid input syntax for type integer: "abc"

SELECT ''::numeric;
--! 22P02: invalid input syntax for type numeric: ""

SELECT '12:99'::time;
--! 22008: date/time field value out of range: "12:99"

SELECT '2024-13-45'::date;
--! 22008: date/time field value out of range: "2024-13-45"

SELECT 'yes!'::boolean;
--! 22P02: invalid input syntax for type boolean: "yes!"

SELECT '{1,2'::integer[];
--! 22P02: malformed array literal: "{1,2"

SELECT '{"a": }'::jsonb;
--! 22P02: invalid input syntax for type json

SELECT 'zzz'::uuid;
--! 22P02: invalid input syntax for type uuid: "zzz"

SELECT 'x'::interval;
--! 22007: invalid input syntax for type interval: "x"

SELECT 99999::smallint;
--! 22003: smallint out of range

SELECT 1e39::float4 > 0;
--! 22003: "1000000000000000000000000000000000000000" is out of range for type real

SELECT sqrt(-1);
--! 2201F: cannot take square root of a negative number

SELECT ln(0);
--! 2201E: cannot take logarithm of zero

SELECT power(0, -1);
--! 2201F: zero raised to a negative power is undefined

SELECT substring('abc' FROM 2 FOR -1);
--! 22011: negative substring length not allowed

SELECT chr(-1);
--! 22023: character number must be positive

SELECT chr(1114112);
--! 54000: requested character too large for encoding: 1114112

SELECT lpad('a', 1000000000);
--! 54000: requested length too large

SELECT 'abc' ~ '(';
--! 2201B: invalid regular expression: parentheses () not balanced

SELECT 'a' LIKE 'b' ESCAPE 'xx';
--! 22025: invalid escape string

SELECT to_date('2024-99-01', 'YYYY-MM-DD');
--! 22008: date/time field value out of range: "2024-99-01"

SELECT to_timestamp(1e20);
--! 22008: timestamp out of range: "1e+20"

SELECT date '5874897-12-31' + 1;
--! 22008: date out of range

SELECT timestamp '294276-12-31 23:59:59' + interval '1 day';
--! 22008: timestamp out of range
--~! 22008: timestamp out of range: "294276-12-31 23:59:59"

SELECT interval '1 day' * 1e30;
--! 22008: interval out of range

SELECT ntile(0) OVER ();
--! 22014: argument of ntile must be greater than zero

SELECT nth_value(1, 0) OVER ();
--! 22016: argument of nth_value must be greater than zero

SELECT percentile_cont(2) WITHIN GROUP (ORDER BY 1);
--! 22003: percentile value 2 is not between 0 and 1

SELECT array_fill(1, ARRAY[-1]);
--! 54000: array size exceeds the maximum allowed (134217727)

SELECT (ARRAY[1, 2])[2147483647] IS NULL AS behind;
--> behind
--> t

SELECT generate_series(1, 5, 0);
--! 22023: step size cannot equal zero

SELECT encode('a', 'base65');
--! 22023: unrecognized encoding: "base65"

SELECT decode('x', 'hex');
--! 22023: invalid hexadecimal digit: "x"

SELECT convert_from('\x80', 'UTF8');
--! 22021: invalid byte sequence for encoding "UTF8": 0x80

SELECT jsonb_array_length('{}');
--! 22023: cannot get array length of a non-array

SELECT jsonb_set('1', '{a}', '2');
--! 22023: cannot set path in scalar

SELECT width_bucket(1, 2, 2, 3);
--! 2201G: lower bound cannot equal upper bound

SELECT 10::numeric(3,2);
--! 22003: numeric field overflow

SELECT 'abcdef'::varchar(3) AS cut_silently, 123456::varchar(3) AS number;
--> cut_silently | number
--> abc | 123
