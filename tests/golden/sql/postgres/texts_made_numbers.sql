-- Numbers read from texts and written as texts, by each type
-- oracle: postgres
-- chapter: types

SELECT '12'::integer AS i, ' 12 '::integer AS spaces, '+12'::integer AS plus, '-0'::integer AS zero, '0012'::integer AS zeros;
--> i | spaces | plus | zero | zeros
--> 12 | 12 | 12 | 0 | 12

SELECT '1.5'::integer;
--! 22P02: invalid input syntax for type integer: "1.5"

SELECT '1e3'::integer;
--! 22P02: invalid input syntax for type integer: "1e3"

SELECT '0x10'::integer;
--! 22P02: invalid input syntax for type integer: "0x10"

SELECT '1,000'::integer;
--! 22P02: invalid input syntax for type integer: "1,000"

SELECT ''::integer;
--! 22P02: invalid input syntax for type integer: ""

SELECT ' '::numeric;
--! 22P02: invalid input syntax for type numeric: " "

SELECT '1.50'::numeric AS n, '1e3'::numeric AS exponent, '.5'::numeric AS point, '5.'::numeric AS ends, '-.5e-2'::numeric AS small;
--> n | exponent | point | ends | small
--> 1.50 | 1000 | 0.5 | 5 | -0.005

SELECT '1.5'::float8 AS f, '1e-7'::float8 AS small, 'infinity'::float8 AS infinity, '1e400'::numeric > 0 AS large;
--> f | small | infinity | large
--> 1.5 | 1e-07 | Infinity | t

SELECT '1 2'::numeric;
--! 22P02: invalid input syntax for type numeric: "1 2"

SELECT '--5'::integer;
--! 22P02: invalid input syntax for type integer: "--5"

SELECT 12::text AS i, 1.50::text AS n, 1.50::float8::text AS f, 1e20::float8::text AS big, 1e-7::numeric::text AS small, (-0.0)::text AS zero, true::text AS t, 'NaN'::numeric::text AS nan;
--> i | n | f | big | small | zero | t | nan
--> 12 | 1.50 | 1.5 | 1e+20 | 0.0000001 | 0.0 | true | NaN

SELECT 1e15::float8::text AS e15, 123456789012::float8::text AS long, 0.1::real::text AS real, (1.0 / 3)::text AS third, (1::float8 / 3)::text AS third_float;
--> e15 | long | real | third | third_float
--> 1e+15 | 123456789012 | 0.1 | 0.33333333333333333333 | 0.3333333333333333

SELECT 123456::varchar(3) AS cut, 12::char(5) || '|' AS padded, 5::text || 'x' AS joined, 5 || 'x' AS joined_too, length(12345::text) AS length;
--> cut | padded | joined | joined_too | length
--> 123 | 12| | 5x | 5x | 5

SELECT '5'::integer + '6' AS sum, '5' || 6 AS text, '7'::numeric / 2 AS half, 3 * '4' AS product;
--> sum | text | half | product
--> 11 | 56 | 3.5000000000000000 | 12

SELECT '5' + '6';
--! 42725: operator is not unique: unknown + unknown

SELECT to_number('1,234.50', '9,999.99');
--> to_number
--> 1234.50

SELECT CAST('12' AS smallint) AS small, CAST(12.7 AS integer) AS rounded, CAST('12.7' AS numeric)::integer AS twice, CAST(12.5 AS bigint) AS half, CAST(-12.5 AS integer) AS minus;
--> small | rounded | twice | half | minus
--> 12 | 13 | 13 | 13 | -13

SELECT 't'::boolean AS t, 'no'::boolean AS no, '1'::boolean AS one, ' true '::boolean AS spaces, 'TRUE'::boolean AS upper;
--> t | no | one | spaces | upper
--> t | f | t | t | t

SELECT 'maybe'::boolean;
--! 22P02: invalid input syntax for type boolean: "maybe"

SELECT '2'::boolean;
--! 22P02: invalid input syntax for type boolean: "2"

SELECT x FROM (VALUES ('10'), ('9'), ('1')) v(x) ORDER BY x;
--> x
--> 1
--> 10
--> 9

SELECT x FROM (VALUES ('10'), ('9'), ('1')) v(x) ORDER BY x::integer;
--> x
--> 1
--> 9
--> 10

SELECT max(x) AS as_text, max(x::integer) AS as_number FROM (VALUES ('10'), ('9')) v(x);
--> as_text | as_number
--> 9 | 10

SELECT x, CASE WHEN x ~ '^-?\d+$' THEN x::integer END AS number FROM (VALUES ('12'), ('x'), ('-3'), ('1.5')) v(x) ORDER BY x;
--> x | number
--> -3 | -3
--> 1.5 | NULL
--> 12 | 12
--> x | NULL
