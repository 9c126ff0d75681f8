-- Several changes in one WITH
-- oracle: postgres
-- chapter: changes

CREATE TABLE queue (id INTEGER PRIMARY KEY, job TEXT);

CREATE TABLE done (id INTEGER, job TEXT);

INSERT INTO queue VALUES (1, 'a'), (2, 'b'), (3, 'c');

WITH taken AS (DELETE FROM queue WHERE id = (SELECT min(id) FROM queue) RETURNING *) INSERT INTO done SELECT * FROM taken RETURNING id;
--> id
--> 1

WITH a AS (INSERT INTO done VALUES (9, 'x') RETURNING id), b AS (UPDATE queue SET job = upper(job) RETURNING id) SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b;
--> a | b
--> 1 | 2

WITH ignored AS (DELETE FROM queue) SELECT 1 AS x;
--> x
--> 1

SELECT count(*) FROM queue;
--> count
--> 0

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) INSERT INTO queue SELECT i, 'j' || i FROM n;

SELECT * FROM queue ORDER BY id;
--> id | job
--> 1 | j1
--> 2 | j2
--> 3 | j3

WITH gone AS (DELETE FROM queue WHERE id > 1 RETURNING id) SELECT id FROM gone ORDER BY id DESC;
--> id
--> 3
--> 2

SELECT * FROM (WITH x AS (DELETE FROM queue RETURNING id) SELECT * FROM x) AS s;
--! 0A000: WITH clause containing a data-modifying statement must be at the top level

WITH x AS (SELECT 5 AS id) UPDATE queue SET id = x.id FROM x RETURNING queue.id;
--> id
--> 5

WITH x AS (SELECT 5 AS id) DELETE FROM queue USING x WHERE queue.id = x.id RETURNING queue.*;
--> id | job
--> 5 | j1
