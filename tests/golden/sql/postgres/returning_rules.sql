-- What RETURNING may say
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER);

INSERT INTO t VALUES (1, 10), (2, 20) RETURNING id, v * 2 AS twice, 'x' AS constant;
--> id | twice | constant
--> 1 | 20 | x
--> 2 | 40 | x

INSERT INTO t VALUES (3, 30) RETURNING t.*;
--> id | v
--> 3 | 30

INSERT INTO t VALUES (4, 40) RETURNING (SELECT count(*) FROM t) AS before;
--> before
--> 3
--~> before
--~> 4

UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v AS new;
--> new
--> 11

DELETE FROM t WHERE id = 1 RETURNING v;
--> v
--> 11

INSERT INTO t VALUES (5, 50) RETURNING sum(v);
--! 42803: aggregate functions are not allowed in RETURNING

INSERT INTO t VALUES (5, 50) RETURNING row_number() OVER ();
--! 42P20: window functions are not allowed in RETURNING

INSERT INTO t VALUES (5, 50) RETURNING nothing;
--! 42703: column "nothing" does not exist

INSERT INTO t VALUES (5, 50) RETURNING;
--! 42601: syntax error at or near ";"

WITH x AS (UPDATE t SET v = 0 RETURNING id) SELECT count(*) FROM x;
--> count
--> 3

WITH x AS (DELETE FROM t WHERE id = 3) SELECT * FROM x;
--! 0A000: WITH query "x" does not have a RETURNING clause

SELECT * FROM (INSERT INTO t VALUES (9, 9) RETURNING id) AS s;
--! 42601: syntax error at or near "INTO"
--~! 0A000: WITH clause containing a data-modifying statement must be at the top level

INSERT INTO t VALUES (6, 60) RETURNING id AS v, v AS id;
--> v | id
--> 6 | 60

INSERT INTO t VALUES (6, 60) RETURNING id;
--! 23505: duplicate key value violates unique constraint "t_pkey"
