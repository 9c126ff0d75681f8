-- What types the parameters of prepared statements have
-- oracle: postgres
-- chapter: sessions

PREPARE add (INTEGER, INTEGER) AS SELECT $1 + $2 AS sum;

EXECUTE add (1, 2);
--> sum
--> 3

EXECUTE add ('1', 2.6);
--> sum
--> 4

EXECUTE add (NULL, 1);
--> sum
--> NULL

EXECUTE add (1);
--! 42601: wrong number of parameters for prepared statement "add"

EXECUTE add ('x', 1);
--! 22P02: invalid input syntax for type integer: "x"

PREPARE guess AS SELECT $1 || '!' AS text, $2 + 1 AS number;

EXECUTE guess ('a', 41);
--> text | number
--> a! | 42

EXECUTE guess (1, '41');
--> text | number
--> 1! | 42

CREATE TABLE t (id INTEGER PRIMARY KEY, day DATE, amount NUMERIC(8,2), tags TEXT[]);

PREPARE put AS INSERT INTO t VALUES ($1, $2, $3, $4) RETURNING *;

EXECUTE put (1, '2024-01-05', 10.555, '{a,b}');
--> id | day | amount | tags
--> 1 | 2024-01-05 | 10.56 | {a,b}

EXECUTE put (2, date '2024-01-05' + 1, 7, ARRAY['c']);
--> id | day | amount | tags
--> 2 | 2024-01-06 | 7.00 | {c}

EXECUTE put (3, 'someday', 1, NULL);
--! 22007: invalid input syntax for type date: "someday"

PREPARE find (TEXT[], DATE) AS SELECT id FROM t WHERE tags && $1 AND ($2 IS NULL OR day >= $2) ORDER BY id;

EXECUTE find ('{a,c}', NULL);
--> id
--> 1
--> 2

EXECUTE find (ARRAY['a', 'c'], '2024-01-06');
--> id
--> 2

PREPARE within (INTEGER[]) AS SELECT id, amount FROM t WHERE id = ANY ($1) ORDER BY id;

EXECUTE within ('{2,1,9}');
--> id | amount
--> 1 | 10.56
--> 2 | 7.00

PREPARE page (BIGINT, BIGINT) AS SELECT id FROM t ORDER BY id LIMIT $1 OFFSET $2;

EXECUTE page (1, 1);
--> id
--> 2

EXECUTE page (NULL, 0);
--> id
--> 1
--> 2

PREPARE unclear AS SELECT $1;

EXECUTE unclear (5);
--> ?column?
--> 5

PREPARE none AS SELECT $1 IS NULL AS n;
--! 42P18: could not determine data type of parameter $1
--~

SELECT name, parameter_types FROM pg_prepared_statements ORDER BY name;
--> name | parameter_types
--> add | {integer,integer}
--> find | {text[],date}
--> guess | {text,integer}
--> page | {bigint,bigint}
--> put | {integer,date,numeric,text[]}
--> unclear | {text}
--> within | {integer[]}
--~> name | parameter_types
--~> add | {23,23}
--~> find | {1009,1082}
--~> guess | {25,23}
--~> none | {25}
--~> page | {20,20}
--~> put | {23,1082,1700,1009}
--~> unclear | {25}
--~> within | {1007}

DEALLOCATE add;

EXECUTE add (1, 2);
--! 26000: prepared statement "add" does not exist

DEALLOCATE ALL;
