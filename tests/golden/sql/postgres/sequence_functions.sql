-- nextval, currval, lastval, setval
-- oracle: postgres
-- chapter: functions

CREATE SEQUENCE s START 5;

SELECT currval('s');
--! 55000: currval of sequence "s" is not yet defined in this session

SELECT nextval('s') AS a, nextval('s') AS b;
--> a | b
--> 5 | 6

SELECT currval('s') AS c, lastval() AS l;
--> c | l
--> 6 | 6

SELECT setval('s', 20) AS v, nextval('s') AS n;
--> v | n
--> 20 | 21

SELECT setval('s', 20, false) AS v, nextval('s') AS n;
--> v | n
--> 20 | 20

SELECT setval('s', 0);
--! 22003: setval: value 0 is out of bounds for sequence "s" (1..9223372036854775807)

SELECT nextval('nothing');
--! 42P01: relation "nothing" does not exist

SELECT nextval(NULL) AS n;
--> n
--> NULL

SELECT nextval('S') AS folded, nextval('"s"') AS quoted;
--> folded | quoted
--> 21 | 22

SELECT last_value, is_called FROM s;
--> last_value | is_called
--> 22 | t

SELECT x, nextval('s') FROM (VALUES (1), (2)) v(x) ORDER BY x;
--> x | nextval
--> 1 | 23
--> 2 | 24

CREATE TABLE t (x INTEGER);

SELECT nextval('t');
--! 42809: "t" is not a sequence
