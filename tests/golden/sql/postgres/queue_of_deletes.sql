-- A queue in one statement each: FOR UPDATE SKIP LOCKED within UPDATE and DELETE
-- oracle: postgres
-- chapter: transactions

CREATE TABLE jobs (id INTEGER PRIMARY KEY, kind TEXT, taken BOOLEAN DEFAULT false);

INSERT INTO jobs (id, kind) VALUES (1, 'a'), (2, 'b'), (3, 'a'), (4, 'b'), (5, 'a'), (6, 'a');

DELETE FROM jobs WHERE id = (SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, kind;
--> id | kind
--> 1 | a

UPDATE jobs SET taken = true WHERE id IN (SELECT id FROM jobs WHERE kind = 'b' AND NOT taken ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id;
--> id
--> 2

WITH next AS (SELECT id FROM jobs WHERE NOT taken ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED) UPDATE jobs j SET taken = true FROM next WHERE j.id = next.id RETURNING j.id;
--> id
--> 3
--> 4

WITH gone AS (DELETE FROM jobs WHERE id = (SELECT min(id) FROM jobs) RETURNING id) SELECT count(*) FROM gone;
--> count
--> 1

UPDATE jobs SET kind = 'c' WHERE id = ANY (ARRAY(SELECT id FROM jobs ORDER BY id DESC LIMIT 2 FOR UPDATE)) RETURNING id;
--> id
--> 5
--> 6

SELECT id, kind, taken FROM jobs ORDER BY id;
--> id | kind | taken
--> 3 | a | t
--> 4 | b | t
--> 5 | c | f
--> 6 | c | f

SELECT (SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE) AS first;
--> first
--> 3

SELECT count(*) FROM (SELECT id FROM jobs WHERE taken FOR UPDATE) locked;
--> count
--> 2
