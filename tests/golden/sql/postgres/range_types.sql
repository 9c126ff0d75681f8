-- Ranges and what they contain
-- oracle: postgres
-- chapter: types

SELECT int4range(1, 10) AS r, '[1,10]'::int4range AS canonical, numrange(1.5, 2.5, '[]') AS n, 'empty'::int4range AS e, int4range(5, 5) AS also_empty;
--> r | canonical | n | e | also_empty
--> [1,10) | [1,11) | [1.5,2.5] | empty | empty
--~! 42883: function int4range(integer, integer) does not exist

SELECT int4range(1, 10) @> 5 AS has, int4range(1, 10) @> 10 AS excluded, int4range(1, 10) && int4range(9, 20) AS overlaps, int4range(1, 5) -|- int4range(5, 9) AS adjacent;
--> has | excluded | overlaps | adjacent
--> t | f | t | t
--~! 42883: function int4range(integer, integer) does not exist

SELECT lower(int4range(1, 10)) AS l, upper(int4range(1, 10)) AS u, isempty(int4range(1, 1)) AS e, lower_inc(int4range(1, 10)) AS li, upper_inf(int4range(1, NULL)) AS ui;
--> l | u | e | li | ui
--> 1 | 10 | t | t | t
--~! 42883: function int4range(integer, integer) does not exist

SELECT int4range(1, 5) + int4range(3, 9) AS union, int4range(1, 5) * int4range(3, 9) AS intersection, int4range(1, 9) - int4range(5, 20) AS difference;
--> union | intersection | difference
--> [1,9) | [3,5) | [1,5)
--~! 42883: function int4range(integer, integer) does not exist

SELECT daterange('2024-01-01', '2024-02-01') @> date '2024-01-15' AS d, tsrange('2024-01-01', '2024-01-02', '[)') AS t;
--> d | t
--> t | ["2024-01-01 00:00:00","2024-01-02 00:00:00")
--~! 42883: function daterange(unknown, unknown) does not exist

SELECT int4range(10, 1);
--! 22000: range lower bound must be less than or equal to range upper bound
--~! 42883: function int4range(integer, integer) does not exist

SELECT int4range(1, 2) + int4range(5, 6);
--! 22000: result of range union would not be contiguous
--~! 42883: function int4range(integer, integer) does not exist
