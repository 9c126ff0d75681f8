-- Named and mixed notation of arguments
-- oracle: postgres
-- chapter: expressions

SELECT make_interval(days => 10, hours => 2) AS named, make_interval(1, 2, days => 3) AS mixed, make_interval(secs := 1.5) AS old;
--> named | mixed | old
--> 10 days 02:00:00 | 1 year 2 mons 3 days | 00:00:01.5

SELECT make_interval(days => 1, 2);
--! 42601: positional argument cannot follow named argument

SELECT make_date(year => 2024, month => 2, day => 29) AS d, make_date(day => 1, month => 2, year => 2024) AS any_order;
--> d | any_order
--> 2024-02-29 | 2024-02-01

SELECT jsonb_set(target => '{}', path => '{a}', new_value => '1') IS NULL AS n;
--! 42883: function jsonb_set(target => unknown, path => unknown, new_value => unknown) does not exist

SELECT abs(-5) AS positional;
--> positional
--> 5

SELECT concat_ws(sep => ',', VARIADIC ARRAY['a']);
--! 42601: positional argument cannot follow named argument

SELECT make_timestamp(year => 2024, month => 1, mday => 2, hour => 3, min => 4, sec => 5) AS t;
--> t
--> 2024-01-02 03:04:05

SELECT regexp_replace('abc', pattern => 'b', replacement => 'x');
--! 42883: function regexp_replace(unknown, pattern => unknown, replacement => unknown) does not exist

SELECT parse_ident(str => 'a.b', strict => true) AS p;
--> p
--> {a,b}
