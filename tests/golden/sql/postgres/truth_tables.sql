-- AND, OR, NOT, IS and comparisons of booleans for true, false and unknown
-- oracle: postgres
-- chapter: expressions

CREATE TABLE b (x BOOLEAN);

INSERT INTO b VALUES (true), (false), (NULL);

SELECT p.x AS p, q.x AS q, p.x AND q.x AS "and", p.x OR q.x AS "or" FROM b p, b q ORDER BY p.x DESC NULLS LAST, q.x DESC NULLS LAST;
--> p | q | and | or
--> t | t | t | t
--> t | f | f | t
--> t | NULL | NULL | t
--> f | t | f | t
--> f | f | f | f
--> f | NULL | f | NULL
--> NULL | t | NULL | t
--> NULL | f | f | NULL
--> NULL | NULL | NULL | NULL

SELECT x, NOT x AS "not", x IS TRUE AS is_true, x IS NOT TRUE AS not_true, x IS FALSE AS is_false, x IS NOT FALSE AS not_false, x IS UNKNOWN AS unknown FROM b ORDER BY x DESC NULLS LAST;
--> x | not | is_true | not_true | is_false | not_false | unknown
--> t | f | t | f | f | t | f
--> f | t | f | t | t | f | f
--> NULL | NULL | f | t | f | t | t

SELECT p.x AS p, q.x AS q, p.x = q.x AS equal, p.x <> q.x AS unequal, p.x < q.x AS less, p.x IS DISTINCT FROM q.x AS differs FROM b p, b q WHERE p.x IS NOT FALSE ORDER BY p.x NULLS LAST, q.x NULLS LAST;
--> p | q | equal | unequal | less | differs
--> t | f | f | t | f | t
--> t | t | t | f | f | f
--> t | NULL | NULL | NULL | NULL | t
--> NULL | f | NULL | NULL | NULL | t
--> NULL | t | NULL | NULL | NULL | t
--> NULL | NULL | NULL | NULL | NULL | f

SELECT p.x AS p, q.x AS q, NOT p.x OR q.x AS implies, p.x <= q.x AS implies_too FROM b p, b q WHERE q.x IS NOT NULL ORDER BY p.x NULLS LAST, q.x;
--> p | q | implies | implies_too
--> f | f | t | t
--> f | t | t | t
--> t | f | f | f
--> t | t | t | t
--> NULL | f | NULL | NULL
--> NULL | t | t | NULL

SELECT p.x, q.x, NOT (p.x AND q.x) IS NOT DISTINCT FROM (NOT p.x OR NOT q.x) AS de_morgan FROM b p, b q WHERE p.x IS NULL OR q.x ORDER BY 1 NULLS LAST, 2 NULLS LAST;
--> x | x | de_morgan
--> f | t | t
--> t | t | t
--> NULL | f | t
--> NULL | t | f
--> NULL | NULL | f

SELECT bool_and(x) AS all, bool_or(x) AS any, every(x) AS every, count(x) AS known, count(*) FILTER (WHERE x) AS true, count(*) FILTER (WHERE NOT x) AS false FROM b;
--> all | any | every | known | true | false
--> f | t | f | 2 | 1 | 1

SELECT bool_and(x) AS all, bool_or(x) AS any FROM b WHERE x IS NULL;
--> all | any
--> NULL | NULL

SELECT min(x::integer) AS min, max(x::integer) AS max, sum(x::integer) AS sum, array_agg(x ORDER BY x) AS array FROM b;
--> min | max | sum | array
--> 0 | 1 | 1 | {f,t,NULL}

SELECT x, CASE x WHEN true THEN 'yes' WHEN false THEN 'no' ELSE '?' END AS simple, CASE WHEN x THEN 'yes' WHEN NOT x THEN 'no' ELSE '?' END AS searched, coalesce(x::text, '?') AS text FROM b ORDER BY x;
--> x | simple | searched | text
--> f | no | no | false
--> t | yes | yes | true
--> NULL | ? | ? | ?

SELECT count(*) FROM b WHERE x OR NOT x;
--> count
--> 2

SELECT count(*) FROM b WHERE x = x;
--> count
--> 2

SELECT count(*) FROM b WHERE x IS NOT DISTINCT FROM x;
--> count
--> 3

SELECT x, count(*) FROM b GROUP BY x ORDER BY x;
--> x | count
--> f | 1
--> t | 1
--> NULL | 1

SELECT x FROM b WHERE x IN (true, NULL);
--> x
--> t

SELECT x FROM b WHERE x NOT IN (false, NULL);
--> x

SELECT max(x) FROM b;
--! 42883: function max(boolean) does not exist

SELECT true + 1;
--! 42883: operator does not exist: boolean + integer

SELECT true::integer AS one, 0::boolean AS zero, 'on'::boolean AS on, 'f'::boolean AS f, 5::boolean AS five, true::text AS text;
--> one | zero | on | f | five | text
--> 1 | f | t | f | t | true
