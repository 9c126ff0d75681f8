-- Data-modifying WITH
-- oracle: postgres
-- chapter: changes

CREATE TABLE a (x INTEGER);

CREATE TABLE log (x INTEGER);

INSERT INTO a VALUES (1), (2), (3);

WITH gone AS (DELETE FROM a WHERE x < 3 RETURNING x) INSERT INTO log SELECT x FROM gone;

SELECT x FROM log ORDER BY x;
--> x
--> 1
--> 2

WITH new AS (INSERT INTO a VALUES (10) RETURNING x) SELECT new.x, (SELECT count(*) FROM a) AS before FROM new;
--> x | before
--> 10 | 1
--~> x | before
--~> 10 | 2
