-- text, varchar(n) and char(n)
-- oracle: postgres
-- chapter: types

CREATE TABLE c (f CHAR(4), v VARCHAR(5), t TEXT);

INSERT INTO c VALUES ('ok', 'ok', 'ok');

INSERT INTO c VALUES ('good   ', 'good      ', 'good   ');

INSERT INTO c VALUES ('x', 'too long', 'x');
--! 22001: value too long for type character varying(5)

INSERT INTO c VALUES ('12345', 'x', 'x');
--! 22001: value too long for type character(4)

INSERT INTO c VALUES ('x', 'too long'::varchar(5), 'x');

SELECT f, char_length(f), v, char_length(v), octet_length(f) FROM c ORDER BY f;
--> f | char_length | v | char_length | octet_length
--> good | 4 | good  | 5 | 4
--> ok   | 2 | ok | 2 | 4
--> x    | 1 | too l | 5 | 4

SELECT f || '|' AS joined, f = 'ok' AS equal, f = 'ok  ' AS padded, v = 'ok ' AS varchar FROM c WHERE v = 'ok';
--> joined | equal | padded | varchar
--> ok| | t | t | f

SELECT 'a '::char(3) = 'a'::char(3) AS same, 'a '::text = 'a' AS text;
--> same | text
--> t | f

SELECT 'abc'::char AS one, 'abc'::varchar AS all, 'abc'::character(2) AS two, 'abc'::character varying(2) AS cut;
--> one | all | two | cut
--> a | abc | ab | ab

SELECT ''::varchar(0);
--! 22023: length for type varchar must be at least 1

SELECT f LIKE 'ok' AS unpadded, f LIKE 'ok  ' AS padded, length(f) FROM c WHERE v = 'ok';
--> unpadded | padded | length
--> f | t | 2

SELECT pg_typeof(f), pg_typeof(v), pg_typeof(f || v) FROM c LIMIT 1;
--> pg_typeof | pg_typeof | pg_typeof
--> character | character varying | text
