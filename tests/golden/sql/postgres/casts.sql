-- Casts and what they refuse
-- oracle: postgres
-- chapter: expressions

SELECT '12'::integer AS a, CAST('1.5' AS numeric) AS b, '1e3'::float8 AS c;
--> a | b | c
--> 12 | 1.5 | 1000

SELECT 'abc'::integer;
--! 22P02: invalid input syntax for type integer: "abc"

SELECT '99999999999'::integer;
--! 22003: value "99999999999" is out of range for type integer

SELECT 1.6::integer AS up, 2.5::integer AS numeric_half, 2.5::float8::integer AS float_half;
--> up | numeric_half | float_half
--> 2 | 3 | 2

SELECT 'yes'::boolean AS a, 'off'::boolean AS b, 1::boolean AS c;
--> a | b | c
--> t | f | t

SELECT 'maybe'::boolean;
--! 22P02: invalid input syntax for type boolean: "maybe"

SELECT 'too long'::varchar(3) AS cut, 'ab'::char(4) || '|' AS padded;
--> cut | padded
--> too | ab|

SELECT 12345.678::numeric(7,2) AS n;
--> n
--> 12345.68

SELECT 12345.678::numeric(5,2);
--! 22003: numeric field overflow

SELECT true::text AS t, 1.50::text AS n, '2024-02-30'::date;
--! 22008: date/time field value out of range: "2024-02-30"

SELECT '{1,2,3}'::integer[] AS a, '{"a b",NULL}'::text[] AS b;
--> a | b
--> {1,2,3} | {"a b",NULL}
