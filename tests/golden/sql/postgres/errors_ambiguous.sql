-- Names that are not unique, or not reachable
-- oracle: postgres
-- chapter: errors

CREATE TABLE a (id INTEGER, x INTEGER);

CREATE TABLE b (id INTEGER, y INTEGER);

INSERT INTO a VALUES (1, 2);

INSERT INTO b VALUES (1, 3);

SELECT id FROM a, b;
--! 42702: column reference "id" is ambiguous

SELECT a.id FROM a, b WHERE id = 1;
--! 42702: column reference "id" is ambiguous

SELECT a.id FROM a JOIN b ON id = 1;
--! 42702: column reference "id" is ambiguous

SELECT id FROM a JOIN b USING (id);
--> id
--> 1

SELECT x FROM a ORDER BY b.y;
--! 42P01: missing FROM-clause entry for table "b"

SELECT a.x FROM b;
--! 42P01: missing FROM-clause entry for table "a"

SELECT * FROM a, (SELECT a.x) s;
--! 42P01: invalid reference to FROM-clause entry for table "a"

SELECT * FROM a JOIN (SELECT a.x AS z) s ON true;
--! 42P01: invalid reference to FROM-clause entry for table "a"

SELECT (SELECT x) FROM a;
--> x
--> 2

SELECT (SELECT count(*) FROM b WHERE b.id = a.id) FROM a;
--> count
--> 1

SELECT (SELECT id FROM b) FROM a;
--> id
--> 1

SELECT s.id FROM (SELECT * FROM a, b) s;
--! 42702: column reference "id" is ambiguous

SELECT x AS alias FROM a WHERE alias = 2;
--! 42703: column "alias" does not exist

SELECT x AS alias, alias + 1 FROM a;
--! 42703: column "alias" does not exist

SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE y = x + 1);
--> id
--> 1

SELECT A.ID FROM a AS "A";
--! 42P01: invalid reference to FROM-clause entry for table "a"

SELECT * FROM a b JOIN b a ON a.id = b.id;
--> id | x | id | y
--> 1 | 2 | 1 | 3
