-- COALESCE, NULLIF, GREATEST and LEAST find a common type
-- oracle: postgres
-- chapter: expressions

SELECT coalesce(NULL, 1, 2.5) AS c, pg_typeof(coalesce(NULL, 1, 2.5));
--> c | pg_typeof
--> 1 | numeric

SELECT coalesce(NULL, NULL) AS n, pg_typeof(coalesce(NULL, NULL));
--> n | pg_typeof
--> NULL | text

SELECT coalesce(1, 'x');
--! 22P02: invalid input syntax for type integer: "x"

SELECT coalesce(1, 1 / 0) AS lazy;
--> lazy
--> 1

SELECT greatest(1, NULL, 3) AS ignores_null, least(NULL, NULL) AS n, greatest('a', 'b', 'B') AS text;
--> ignores_null | n | text
--> 3 | NULL | b

SELECT greatest(1, 2.5) AS g, pg_typeof(greatest(1, 2)) AS i, pg_typeof(greatest(1, 2.5)) AS n;
--> g | i | n
--> 2.5 | integer | numeric

SELECT nullif('a', 'a') AS n, nullif(1, 2.0) AS i, pg_typeof(nullif(1, 2.0));
--> n | i | pg_typeof
--> NULL | 1 | numeric

SELECT nullif(1, 'x');
--! 22P02: invalid input syntax for type integer: "x"

SELECT greatest(date '2024-01-01', timestamp '2024-01-01 12:00') AS later;
--> later
--> 2024-01-01 12:00:00

SELECT greatest(1, true);
--! 42804: GREATEST types integer and boolean cannot be matched
