-- Prepared statements and definitions that change
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 'x');

PREPARE q AS SELECT * FROM t WHERE a = $1;

EXECUTE q(1);
--> a | b
--> 1 | x

PREPARE q AS SELECT 1;
--! 42P05: prepared statement "q" already exists

ALTER TABLE t ADD COLUMN c INTEGER DEFAULT 5;

EXECUTE q(1);
--! 0A000: cached plan must not change result type

DEALLOCATE q;

EXECUTE q(1);
--! 26000: prepared statement "q" does not exist

DEALLOCATE q;
--! 26000: prepared statement "q" does not exist

PREPARE ins (INTEGER, TEXT) AS INSERT INTO t VALUES ($1, $2) RETURNING a, b;

EXECUTE ins(2, 'y');
--> a | b
--> 2 | y

EXECUTE ins(1 + 2, upper('z'));
--> a | b
--> 3 | Z

EXECUTE ins((SELECT 4), 'w');
--! 0A000: cannot use subquery in EXECUTE parameter
--~> a | b
--~> 4 | w

PREPARE d AS CREATE TABLE x (a INTEGER);
--! 42601: syntax error at or near "CREATE"

SELECT name, parameter_types FROM pg_prepared_statements ORDER BY name;
--> name | parameter_types
--> ins | {integer,text}
--~> name | parameter_types
--~> ins | {23,25}

PREPARE arr (INTEGER[]) AS SELECT count(*) FROM t WHERE a = ANY ($1);

EXECUTE arr('{1,2}');
--> count
--> 2

EXECUTE arr(ARRAY[3]);
--> count
--> 1

DEALLOCATE PREPARE ALL;

SELECT count(*) FROM pg_prepared_statements;
--> count
--> 0
