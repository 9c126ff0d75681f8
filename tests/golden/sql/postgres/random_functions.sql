-- random is within its range, and setseed repeats it
-- oracle: postgres
-- chapter: functions

SELECT random() >= 0 AND random() < 1 AS within, random() = random() AS same;
--> within | same
--> t | f

SELECT count(DISTINCT random()) FROM generate_series(1, 10);
--> count
--> 10

SELECT pg_typeof(random()), pg_typeof(setseed(0.5));
--> pg_typeof | pg_typeof
--> double precision | void

SELECT setseed(2);
--! 22023: setseed parameter 2 is out of allowed range [-1,1]

CREATE TABLE r (seed FLOAT8, x FLOAT8);

SELECT setseed(0.25);
--> setseed
-->

INSERT INTO r VALUES (1, random());

SELECT setseed(0.25);
--> setseed
-->

INSERT INTO r VALUES (2, random());

SELECT count(DISTINCT x) AS repeated FROM r;
--> repeated
--> 1
