-- NaN and Infinity as numeric
-- oracle: postgres
-- chapter: types

SELECT 'NaN'::numeric AS nan, 'Infinity'::numeric AS inf, '-inf'::numeric AS minus;
--> nan | inf | minus
--> NaN | Infinity | -Infinity

SELECT 'NaN'::numeric = 'NaN'::numeric AS equal, 'NaN'::numeric > 'Infinity'::numeric AS greatest;
--> equal | greatest
--> t | t

SELECT 'inf'::numeric + 1 AS inf, 'inf'::numeric - 'inf'::numeric AS nan, 'inf'::numeric * 0 AS nan_too, 1 / 'inf'::numeric AS zero;
--> inf | nan | nan_too | zero
--> Infinity | NaN | NaN | 0

SELECT 'inf'::numeric * -1 AS minus, abs('-inf'::numeric) AS a, sign('-inf'::numeric) AS s;
--> minus | a | s
--> -Infinity | Infinity | -1

SELECT x FROM (VALUES ('NaN'::numeric), (1), ('-inf'), ('inf'), (NULL)) AS v(x) ORDER BY x;
--> x
--> -Infinity
--> 1
--> Infinity
--> NaN
--> NULL

SELECT 'inf'::numeric(5, 2);
--! 22003: numeric field overflow

SELECT 'NaN'::numeric(5, 2) AS fits;
--> fits
--> NaN

SELECT 'inf'::numeric::integer;
--! 0A000: cannot convert infinity to integer

SELECT 'inf'::numeric::float8 AS d, 'NaN'::numeric::text AS t;
--> d | t
--> Infinity | NaN

SELECT sum(x) FROM (VALUES (1.5), ('NaN'::numeric)) AS v(x);
--> sum
--> NaN

SELECT round('inf'::numeric, 2) AS r, 'inf'::numeric % 5;
--> r | ?column?
--> Infinity | NaN
