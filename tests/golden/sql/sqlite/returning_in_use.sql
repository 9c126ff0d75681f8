-- RETURNING of INSERT, UPDATE and DELETE, with expressions and generated values
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER GENERATED ALWAYS AS (x * 2) STORED, note TEXT DEFAULT 'none');

INSERT INTO t (id, x) VALUES (1, 10) RETURNING id, x, y, note;
--> id | x | y | note
--> 1 | 10 | 20 | none

INSERT INTO t (id, x, note) VALUES (2, 20, 'b') RETURNING *, x + y AS sum, upper(note) AS up;
--> id | x | y | note | sum | up
--> 2 | 20 | 40 | b | 60 | B

INSERT INTO t (id, x) SELECT 3, 30 RETURNING y AS doubled;
--> doubled
--> 60

UPDATE t SET x = x + 1 WHERE id = 1 RETURNING x, y;
--> x | y
--> 11 | 22

UPDATE t SET note = note || '!' WHERE id > 100 RETURNING id;
--> id

DELETE FROM t WHERE id = 2 RETURNING *;
--> id | x | y | note
--> 2 | 20 | 40 | b

INSERT INTO t (id, x) VALUES (3, 99) ON CONFLICT (id) DO UPDATE SET x = excluded.x RETURNING x, y;
--> x | y
--> 99 | 198

INSERT INTO t (id, x) VALUES (3, 0) ON CONFLICT DO NOTHING RETURNING x;
--> x

INSERT OR IGNORE INTO t (id, x) VALUES (3, 0), (4, 40) RETURNING id;
--> id
--> 4

INSERT OR REPLACE INTO t (id, x) VALUES (4, 41) RETURNING id, x, note;
--> id | x | note
--> 4 | 41 | none

UPDATE t SET x = 0 WHERE id = 4 RETURNING (SELECT count(*) FROM t WHERE x > 0) AS others;
--> others
--> 2

UPDATE t SET x = 1 WHERE id = 4 RETURNING typeof(x) AS type, x = 1 AS one, CASE WHEN y > 1 THEN 'more' END AS word;
--> type | one | word
--> integer | 1 | more

UPDATE t SET x = 1 WHERE id = 4 RETURNING t.x;
--> x
--> 1

UPDATE t AS q SET x = 2 WHERE q.id = 400 RETURNING q.x;
--! no such column: q.x
--~> x

UPDATE t SET x = 1 RETURNING nothing_there;
--! no such column: nothing_there

UPDATE t SET x = 1 RETURNING count(*);
--! misuse of aggregate function count()

SELECT * FROM (DELETE FROM t RETURNING id);
--! near "DELETE": syntax error
--~! WITH clause containing a data-modifying statement must be at the top level

WITH n AS (SELECT 7 AS id) INSERT INTO t (id, x) SELECT id, id * 10 FROM n RETURNING id, x;
--> id | x
--> 7 | 70

UPDATE t SET x = s.v FROM (SELECT 7 AS k, 70 AS v) AS s WHERE t.id = s.k RETURNING t.id, x;
--> id | x
--> 7 | 70

DELETE FROM t WHERE id = 7 RETURNING changes() >= 0 AS told;
--> told
--> 1

SELECT id, x, y FROM t ORDER BY id;
--> id | x | y
--> 1 | 11 | 22
--> 3 | 99 | 198
--> 4 | 1 | 2
