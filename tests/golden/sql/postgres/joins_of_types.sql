-- Joins by columns of different types: numbers of each width, texts, dates and times
-- oracle: postgres
-- chapter: queries

CREATE TABLE a (i INTEGER, s SMALLINT, b BIGINT, n NUMERIC, f DOUBLE PRECISION, r REAL, t TEXT, v VARCHAR(5), c CHAR(5), d DATE, ts TIMESTAMP, z TIMESTAMPTZ);

INSERT INTO a VALUES (1, 1, 1, 1.00, 1, 1, 'x', 'x', 'x', '2024-01-01', '2024-01-01', '2024-01-01 00:00+00'), (2, 3, 4, 2.5, 2.5, 2.5, 'x ', 'y', 'y', '2024-01-02', '2024-01-02 10:00', '2024-01-02 00:00+01'), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

SELECT count(*) AS int_small FROM a x JOIN a y ON x.i = y.s;
--> int_small
--> 1

SELECT count(*) AS int_big FROM a x JOIN a y ON x.i = y.b;
--> int_big
--> 1

SELECT count(*) AS int_numeric FROM a x JOIN a y ON x.i = y.n;
--> int_numeric
--> 1

SELECT count(*) AS int_float FROM a x JOIN a y ON x.i = y.f;
--> int_float
--> 1

SELECT count(*) AS numeric_float FROM a x JOIN a y ON x.n = y.f;
--> numeric_float
--> 2

SELECT count(*) AS float_real FROM a x JOIN a y ON x.f = y.r;
--> float_real
--> 2

SELECT count(*) AS text_varchar FROM a x JOIN a y ON x.t = y.v;
--> text_varchar
--> 1

SELECT count(*) AS text_char FROM a x JOIN a y ON x.t = y.c;
--> text_char
--> 1

SELECT count(*) AS varchar_char FROM a x JOIN a y ON x.v = y.c;
--> varchar_char
--> 2

SELECT count(*) AS date_timestamp FROM a x JOIN a y ON x.d = y.ts;
--> date_timestamp
--> 1

SELECT count(*) AS date_zoned FROM a x JOIN a y ON x.d = y.z;
--> date_zoned
--> 1

SELECT count(*) AS timestamp_zoned FROM a x JOIN a y ON x.ts = y.z;
--> timestamp_zoned
--> 1

SELECT x.i, y.n FROM a x LEFT JOIN a y ON x.i = y.n ORDER BY x.i;
--> i | n
--> 1 | 1.00
--> 2 | NULL
--> NULL | NULL

SELECT x.n, y.i FROM a x FULL JOIN a y ON x.n = y.i ORDER BY x.n, y.i;
--> n | i
--> 1.00 | 1
--> 2.5 | NULL
--> NULL | 2
--> NULL | NULL
--> NULL | NULL

SELECT i FROM a WHERE i IN (SELECT n FROM a) ORDER BY i;
--> i
--> 1

SELECT n FROM a WHERE n NOT IN (SELECT i FROM a WHERE i IS NOT NULL) ORDER BY n;
--> n
--> 2.5

SELECT i FROM a x WHERE EXISTS (SELECT FROM a y WHERE y.f = x.i) ORDER BY i;
--> i
--> 1

SELECT k FROM (SELECT i AS k FROM a) x JOIN (SELECT n AS k FROM a) y USING (k);
--> k
--> 1.00
--~> k
--~> 1

SELECT pg_typeof(k) AS type, k FROM (SELECT i AS k FROM a) x FULL JOIN (SELECT n AS k FROM a) y USING (k) ORDER BY k;
--> type | k
--> numeric | 1
--> numeric | 2
--> numeric | 2.5
--> numeric | NULL
--> numeric | NULL

SELECT count(*) FROM a x JOIN a y ON x.i = y.t;
--! 42883: operator does not exist: integer = text

SELECT count(*) FROM a x JOIN a y ON x.i::text = y.t;
--> count
--> 0

SELECT count(*) FROM a x JOIN a y ON x.d = y.t;
--! 42883: operator does not exist: date = text

SELECT i FROM a UNION SELECT n FROM a ORDER BY 1;
--> i
--> 1
--> 2
--> 2.5
--> NULL

SELECT n FROM a INTERSECT SELECT f FROM a ORDER BY 1;
--> n
--> 1
--> 2.5
--> NULL
