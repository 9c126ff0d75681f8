-- NOCASE and RTRIM in orders, groups, sets, keys, joins and functions
-- oracle: sqlite
-- chapter: expressions

CREATE TABLE n (w TEXT COLLATE NOCASE, r TEXT COLLATE RTRIM, b TEXT);

INSERT INTO n VALUES ('Abc', 'x  ', 'Abc'), ('abC', 'x', 'abC'), ('ABD', 'X', 'ABD'), ('é', 'y', 'é'), ('É', 'y ', 'É');

SELECT count(*) FROM n WHERE w = 'ABC';
--> count(*)
--> 2

SELECT count(*) FROM n WHERE b = 'ABC';
--> count(*)
--> 0

SELECT count(*) FROM n WHERE r = 'x     ';
--> count(*)
--> 2

SELECT count(DISTINCT w) AS w, count(DISTINCT r) AS r, count(DISTINCT b) AS b FROM n;
--> w | r | b
--> 4 | 3 | 5

SELECT count(*) AS n FROM n GROUP BY w ORDER BY n DESC;
--> n
--> 2
--> 1
--> 1
--> 1

SELECT b FROM n ORDER BY w, b;
--> b
--> Abc
--> abC
--> ABD
--> É
--> é

SELECT b FROM n ORDER BY b COLLATE NOCASE DESC, b;
--> b
--> é
--> É
--> ABD
--> Abc
--> abC

SELECT w = b AS left_decides, b = w AS left_has_none, b = w COLLATE BINARY AS explicit, w = 'abc' COLLATE BINARY AS right_explicit FROM n WHERE b = 'Abc';
--> left_decides | left_has_none | explicit | right_explicit
--> 1 | 1 | 1 | 0

SELECT 'abc' = 'ABC' COLLATE NOCASE AS nocase, 'abc' COLLATE NOCASE = 'ABC' AS left_side, 'a ' = 'a' COLLATE RTRIM AS rtrim, 'é' = 'É' COLLATE NOCASE AS ascii_only;
--> nocase | left_side | rtrim | ascii_only
--> 1 | 1 | 1 | 0

SELECT 'b' BETWEEN 'A' AND 'C' COLLATE NOCASE AS between_three, 'b' COLLATE NOCASE BETWEEN 'A' AND 'C' AS operand, 'B' IN ('a', 'b') AS in_list, 'B' COLLATE NOCASE IN ('a', 'b') AS in_nocase;
--> between_three | operand | in_list | in_nocase
--> 1 | 1 | 0 | 1

SELECT CASE 'ABC' COLLATE NOCASE WHEN 'abc' THEN 'same' ELSE 'other' END AS of_case, 'ABC' LIKE 'abc' AS of_like, 'ABC' GLOB 'abc' AS of_glob;
--> of_case | of_like | of_glob
--> same | 1 | 0

SELECT max('a', 'B') AS scalar, max('a' COLLATE NOCASE, 'B') AS nocase, min('a', 'B' COLLATE NOCASE) AS first_decides;
--> scalar | nocase | first_decides
--> a | B | a

SELECT a.b AS one, c.b AS other FROM n a JOIN n c ON a.w = c.w AND a.b < c.b ORDER BY 1;
--> one | other
--> Abc | abC

SELECT b FROM n WHERE w IN (SELECT 'abc') ORDER BY b;
--> b
--> Abc
--> abC

CREATE TABLE u (name TEXT COLLATE NOCASE UNIQUE, code TEXT);

INSERT INTO u VALUES ('Ann', 'x');

INSERT INTO u VALUES ('ANN', 'y');
--! UNIQUE constraint failed: u.name

INSERT INTO u VALUES ('ann', 'z') ON CONFLICT (name) DO UPDATE SET code = excluded.code RETURNING name, code;
--> name | code
--> Ann | z

CREATE UNIQUE INDEX u_code ON u (code COLLATE NOCASE);

INSERT INTO u VALUES ('Bob', 'Z');
--! UNIQUE constraint failed: u.code

SELECT name FROM u WHERE name > 'a' ORDER BY name;
--> name
--> Ann

SELECT 'a' = 'b' COLLATE NOWHERE;
--! no such collation sequence: NOWHERE
