-- boolean and what is read as one
-- oracle: postgres
-- chapter: types

SELECT 'true'::boolean AS a, 't'::boolean AS b, 'YES'::boolean AS c, ' on '::boolean AS d, '1'::boolean AS e, 'tr'::boolean AS f;
--> a | b | c | d | e | f
--> t | t | t | t | t | t

SELECT 'false'::boolean AS a, 'f'::boolean AS b, 'n'::boolean AS c, 'of'::boolean AS d, '0'::boolean AS e;
--> a | b | c | d | e
--> f | f | f | f | f

SELECT 'o'::boolean;
--! 22P02: invalid input syntax for type boolean: "o"

SELECT ''::boolean;
--! 22P02: invalid input syntax for type boolean: ""

SELECT 5::boolean AS t, 0::boolean AS f, true::integer AS one, true::text AS word, true::varchar AS v;
--> t | f | one | word | v
--> t | f | 1 | true | true

SELECT 1.5::boolean;
--! 42846: cannot cast type numeric to boolean

SELECT true > false AS ordered, true AND NULL AS n, false AND NULL AS f, true OR NULL AS t, NOT NULL::boolean AS m;
--> ordered | n | f | t | m
--> t | NULL | f | t | NULL

SELECT x, x IS TRUE AS t, x IS NOT TRUE AS nt, x IS FALSE AS f, x IS UNKNOWN AS u, x IS NOT UNKNOWN AS nu FROM (VALUES (true), (false), (NULL)) AS v(x) ORDER BY x;
--> x | t | nt | f | u | nu
--> f | f | t | t | f | t
--> t | t | f | f | f | t
--> NULL | f | t | f | t | f

SELECT bool_and(x) AS every, bool_or(x) AS some, every(x) AS standard FROM (VALUES (true), (false), (NULL)) AS v(x);
--> every | some | standard
--> f | t | f

SELECT 1 WHERE 'yes';
--> ?column?
--> 1

SELECT 1 WHERE 1;
--! 42804: argument of WHERE must be type boolean, not type integer
