-- Generated columns
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED);

INSERT INTO t (a) VALUES (3);

SELECT * FROM t;
--> a | b
--> 3 | 6

UPDATE t SET a = 5;

SELECT * FROM t;
--> a | b
--> 5 | 10

INSERT INTO t VALUES (1, 1);
--! 428C9: cannot insert a non-DEFAULT value into column "b"
