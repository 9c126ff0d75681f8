-- Arguments by name
-- oracle: postgres
-- chapter: expressions

SELECT make_interval(days => 10);
--> make_interval
--> 10 days

SELECT make_interval(secs => 86404.5);
--> make_interval
--> 24:00:04.5

SELECT make_interval(1, mins => 5, weeks => 2);
--> make_interval
--> 1 year 14 days 00:05:00

SELECT make_interval(secs := 2);
--> make_interval
--> 00:00:02

SELECT make_date(day => 3, month => 2, year => 2001);
--> make_date
--> 2001-02-03

SELECT make_timestamp(2001, 2, 3, min => 5, hour => 4, sec => 6.5);
--> make_timestamp
--> 2001-02-03 04:05:06.5

SELECT make_interval(days => 1, 2);
--! 42601: positional argument cannot follow named argument

SELECT make_interval(days => 1, days => 2);
--! 42601: argument name "days" used more than once

SELECT make_interval(1, years => 2);
--! 42883: function make_interval(integer, years => integer) does not exist

SELECT make_interval(centuries => 2);
--! 42883: function make_interval(centuries => integer) does not exist

SELECT make_date(day => 3, year => 2001);
--! 42883: function make_date(day => integer, year => integer) does not exist
