-- The order of values in an index is that of ORDER BY
-- oracle: postgres
-- chapter: types

CREATE TABLE t (n NUMERIC PRIMARY KEY);

INSERT INTO t VALUES (10), (9), (-1), (0.5), (1e10), (-1e-5), (0.50001);

INSERT INTO t VALUES ('NaN'), ('inf'), ('-inf');
--~! 22003: numeric field overflow

SELECT n FROM t ORDER BY n;
--> n
--> -Infinity
--> -1
--> -0.00001
--> 0.5
--> 0.50001
--> 9
--> 10
--> 10000000000
--> Infinity
--> NaN
--~> n
--~> -1
--~> -0.00001
--~> 0.5
--~> 0.50001
--~> 9
--~> 10
--~> 10000000000

SELECT n FROM t WHERE n > 0 AND n < 100 ORDER BY n DESC;
--> n
--> 10
--> 9
--> 0.50001
--> 0.5

SELECT n FROM t WHERE n >= 'inf' ORDER BY n;
--> n
--> Infinity
--> NaN
--~> n

INSERT INTO t VALUES (10.00);
--! 23505: duplicate key value violates unique constraint "t_pkey"

CREATE TABLE f (x FLOAT8 UNIQUE);

INSERT INTO f VALUES (1), (-0.0), ('nan'), ('inf'), ('-inf'), (-2.5), (NULL);

SELECT x FROM f ORDER BY x DESC;
--> x
--> NULL
--> NaN
--> Infinity
--> 1
--> 0
--> -2.5
--> -Infinity

INSERT INTO f VALUES (0);
--! 23505: duplicate key value violates unique constraint "f_x_key"

SELECT x FROM f WHERE x <= 0 ORDER BY x;
--> x
--> -Infinity
--> -2.5
--> 0

CREATE TABLE s (k TEXT PRIMARY KEY);

INSERT INTO s VALUES ('a'), (''), ('aa'), ('b'), ('ab'), ('a b');

SELECT k FROM s WHERE k >= 'a' AND k < 'b' ORDER BY k COLLATE "C";
--> k
--> a
--> a b
--> aa
--> ab

CREATE TABLE y (b BYTEA PRIMARY KEY);

INSERT INTO y VALUES ('\x00'), ('\x'), ('\xff'), ('\x0001');

SELECT b FROM y ORDER BY b;
--> b
--> \x
--> \x00
--> \x0001
--> \xff

CREATE TABLE iv (i INTERVAL UNIQUE);

INSERT INTO iv VALUES ('1 month'), ('29 days'), ('31 days');

INSERT INTO iv VALUES ('30 days');
--! 23505: duplicate key value violates unique constraint "iv_i_key"

SELECT i FROM iv ORDER BY i;
--> i
--> 29 days
--> 1 mon
--> 31 days
