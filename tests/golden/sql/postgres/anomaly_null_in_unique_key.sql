-- NULL in keys: never equal, never referred to
-- oracle: postgres
-- chapter: constraints

CREATE TABLE k (a INTEGER UNIQUE, b INTEGER);

INSERT INTO k VALUES (NULL, 1), (NULL, 2);

SELECT count(*) FROM k WHERE a = NULL;
--> count
--> 0

SELECT count(*) FROM k WHERE a IS NULL;
--> count
--> 2

SELECT b FROM k ORDER BY a, b;
--> b
--> 1
--> 2

SELECT count(*) FROM k x JOIN k y ON x.a = y.a;
--> count
--> 0

SELECT count(*) FROM k x JOIN k y ON x.a IS NOT DISTINCT FROM y.a;
--> count
--> 4

SELECT a, count(*) FROM k GROUP BY a;
--> a | count
--> NULL | 2

SELECT DISTINCT a FROM k;
--> a
--> NULL

CREATE TABLE c (a INTEGER REFERENCES k (a));

INSERT INTO c VALUES (NULL);

INSERT INTO k VALUES (NULL, 3) ON CONFLICT (a) DO UPDATE SET b = 100;

SELECT b FROM k ORDER BY b;
--> b
--> 1
--> 2
--> 3

DELETE FROM k WHERE a IN (NULL);

SELECT count(*) FROM k WHERE a NOT IN (1, 2);
--> count
--> 0

SELECT count(*) FROM k;
--> count
--> 3
