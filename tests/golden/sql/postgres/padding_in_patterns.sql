-- Padding of char(n) in patterns, numbers whose shortest text lies between two, what is told first
-- oracle: postgres
-- chapter: expressions

SELECT 'A'::char(4) ~ '(.)\1' AS again, 'A'::char(4) ~* '^a   $' AS without_case, 'A'::char(4) !~ '^A$' AS other, 'A'::char(4) LIKE 'A' AS shorter, 'A'::char(4) LIKE 'A   ' AS as_long, 'A'::char(4) LIKE ANY (ARRAY['A', 'A   ']) AS any;
--> again | without_case | other | shorter | as_long | any
--> t | t | t | f | t | t

SELECT 167755392::real AS ten_millions, 167755400::real AS the_same, 16777216::real AS power, 33554434::real AS next, 9007199254740993::float8 AS double, 18014398509481986::float8 AS wide;
--> ten_millions | the_same | power | next | double | wide
--> 1.6775539e+08 | 1.6775539e+08 | 1.6777216e+07 | 3.3554432e+07 | 9.007199254740992e+15 | 1.8014398509481984e+16

CREATE TABLE t (a INTEGER);

UPDATE t SET a = 'x' || a WHERE a;
--! 42804: argument of WHERE must be type boolean, not type integer

SELECT DISTINCT 'it' FROM t EXCEPT ALL SELECT 'x'::varchar(3);
--> ?column?

SELECT '{a}'::varchar[] = '{a}'::text[];
--! 42883: operator does not exist: character varying[] = text[]

SELECT to_char('-12:30'::interval, 'HH HH12 HH24 MI SS|FMHH FMHH24') AS twelve, to_char('-4:05:06'::interval, 'HH HH24 MI SS') AS four, to_char('-24:00'::interval, 'HH HH24') AS day, to_char('-13:00'::interval, 'HH HH24') AS thirteen;
--> twelve | four | day | thirteen
--> 012 012 -12 -30 00|12 -12 | -04 -04 -05 -06 | 012 -24 | -01 -13
