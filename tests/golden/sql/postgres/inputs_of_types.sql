-- Texts that are too long, out of range or no array: what is cut off, and what is told first
-- oracle: postgres
-- chapter: types

SELECT '{a b,cde}'::varchar(2)[] AS cut, '{abc,d}'::text::char(2)[] AS padded, '{{abc},{d}}'::varchar(1)[] AS of_two;
--> cut | padded | of_two
--> {"a ",cd} | {ab,"d "} | {{a},{d}}

SELECT '{{1,2},{3}}'::date[];
--! 22P02: malformed array literal: "{{1,2},{3}}"

SELECT '{1,x'::integer[];
--! 22P02: malformed array literal: "{1,x"

SELECT '[1:2]={x}'::integer[];
--! 22P02: malformed array literal: "[1:2]={x}"

SELECT '{1,x}'::integer[];
--! 22P02: invalid input syntax for type integer: "x"

SELECT '123456789.5'::smallint;
--! 22003: value "123456789.5" is out of range for type smallint

SELECT '99999999999x'::integer;
--! 22003: value "99999999999x" is out of range for type integer

SELECT '99999x'::integer;
--! 22P02: invalid input syntax for type integer: "99999x"

SELECT '99999999999999999999.5'::bigint;
--! 22003: value "99999999999999999999.5" is out of range for type bigint

SELECT '1.5'::integer;
--! 22P02: invalid input syntax for type integer: "1.5"

SELECT ('{1,2}'::integer[])['1 day'::interval];
--! 42804: array subscript must have type integer

SELECT array_fill('{}'::integer[], ARRAY[2]);
--! 42704: could not find array type for data type integer[]
