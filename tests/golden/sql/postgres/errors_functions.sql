-- Functions: arguments that fit none
-- oracle: postgres
-- chapter: errors

SELECT round('x');
--! 22P02: invalid input syntax for type double precision: "x"

SELECT round(1, 2, 3);
--! 42883: function round(integer, integer, integer) does not exist

SELECT lower(1);
--! 42883: function lower(integer) does not exist

SELECT length(1);
--! 42883: function length(integer) does not exist

SELECT substring(1, 2);
--! 42883: function substring(integer, integer) does not exist

SELECT sum('x'::text);
--! 42883: function sum(text) does not exist

SELECT now(1);
--! 42883: function now(integer) does not exist

SELECT coalesce();
--! 42601: syntax error at or near ")"

SELECT greatest();
--! 42601: syntax error at or near ")"

SELECT nullif(1);
--! 42601: syntax error at or near ")"

SELECT extract(x FROM 1);
--! 42883: function pg_catalog.extract(unknown, integer) does not exist

SELECT date_trunc('month', 'x');
--! 42725: function date_trunc(unknown, unknown) is not unique

SELECT to_char('a', 'b');
--! 42725: function to_char(unknown, unknown) is not unique

SELECT generate_series('a', 'b');
--! 42725: function generate_series(unknown, unknown) is not unique

SELECT array_length(1, 1);
--! 42883: function array_length(integer, integer) does not exist

SELECT unnest(1);
--! 42883: function unnest(integer) does not exist

SELECT string_agg('a');
--! 42883: function string_agg(unknown) does not exist

SELECT jsonb_set('{}', 'a');
--! 42883: function jsonb_set(unknown, unknown) does not exist

SELECT count(1, 2);
--! 42883: function count(integer, integer) does not exist

SELECT public.abs(1);
--! 42883: function public.abs(integer) does not exist

SELECT pg_catalog.abs(-1) AS qualified;
--> qualified
--> 1

SELECT abs(x => 1);
--! 42883: function abs(x => integer) does not exist

SELECT "ABS"(1);
--! 42883: function ABS(integer) does not exist

SELECT abs(*);
--! 42883: function abs() does not exist

SELECT min(DISTINCT 3) AS m, abs(ALL -3) AS a;
--> m | a
--> 3 | 3
