-- format builds texts like printf
-- oracle: postgres
-- chapter: functions

SELECT format('Hello %s, %1$s', 'World') AS f, format('%2$s %1$s', 'a', 'b') AS places, format('100%%') AS percent;
--> f | places | percent
--> Hello World, World | b a | 100%

SELECT format('%I = %L', 'a column', 'it''s') AS quoted, format('%L', NULL) AS n, format('[%s]', NULL) AS empty;
--> quoted | n | empty
--> "a column" = 'it''s' | NULL | []

SELECT format('|%10s|%-10s|%*s|', 'a', 'b', 4, 'c') AS widths, format('|%*2$s|', 'a', -5) AS left;
--! 22023: too few arguments for format()

SELECT format('%s %s', 'one');
--! 22023: too few arguments for format()

SELECT format('%x', 1);
--! 22023: unrecognized format() type specifier "x"

SELECT format('%');
--! 22023: unterminated format() type specifier

SELECT format('%I', NULL);
--! 22004: null values cannot be formatted as an SQL identifier

SELECT format(VARIADIC ARRAY['%s-%s', 'a', 'b']) AS v, format(NULL) AS n, format('%s', ARRAY[1, 2]) AS a;
--! 42883: function format(text[]) does not exist

SELECT format('%0$s', 1);
--! 22023: format specifies argument 0, but arguments are numbered from 1
