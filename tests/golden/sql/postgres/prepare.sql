-- PREPARE, EXECUTE and DEALLOCATE
-- oracle: postgres
-- chapter: sessions

CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);

INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three');

PREPARE of_id (INTEGER) AS SELECT name FROM t WHERE id = $1;

EXECUTE of_id(2);
--> name
--> two

EXECUTE of_id('3');
--> name
--> three

EXECUTE of_id(1 + 1);
--> name
--> two

EXECUTE of_id(NULL);
--> name

PREPARE of_id AS SELECT 1;
--! 42P05: prepared statement "of_id" already exists

EXECUTE of_id;
--! 42601: wrong number of parameters for prepared statement "of_id"

EXECUTE of_id(1, 2);
--! 42601: wrong number of parameters for prepared statement "of_id"

EXECUTE nothing;
--! 26000: prepared statement "nothing" does not exist

PREPARE put AS INSERT INTO t VALUES ($1, $2) RETURNING id, name;

EXECUTE put(4, 'four');
--> id | name
--> 4 | four

BEGIN;

EXECUTE put(5, 'five');
--> id | name
--> 5 | five

PREPARE inner_one AS SELECT count(*) FROM t;

ROLLBACK;

EXECUTE inner_one;
--> count
--> 4

DEALLOCATE of_id;

DEALLOCATE of_id;
--! 26000: prepared statement "of_id" does not exist

EXECUTE of_id(1);
--! 26000: prepared statement "of_id" does not exist

DEALLOCATE ALL;

EXECUTE put(6, 'six');
--! 26000: prepared statement "put" does not exist

PREPARE all_columns AS SELECT * FROM t ORDER BY id LIMIT 1;

EXECUTE all_columns;
--> id | name
--> 1 | one

ALTER TABLE t ADD COLUMN more INTEGER;

EXECUTE all_columns;
--! 0A000: cached plan must not change result type

PREPARE wide AS SELECT name, length(name) FROM t WHERE name = $1 OR id = $2 ORDER BY id;

EXECUTE wide('one', 4);
--> name | length
--> one | 3
--> four | 4
