-- The next job taken by one statement: a locking subquery, or WITH
-- oracle: postgres
-- chapter: changes

CREATE TABLE jobs (id INTEGER PRIMARY KEY, priority INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'ready');

INSERT INTO jobs VALUES (1, 5), (2, 9), (3, 7), (4, 9), (5, 1);

UPDATE jobs SET state = 'taken' WHERE id = (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id;
--> id
--> 2

WITH next AS (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority, id LIMIT 1 FOR UPDATE SKIP LOCKED) UPDATE jobs j SET state = 'low' FROM next WHERE j.id = next.id RETURNING j.id;
--> id
--> 5

WITH next AS (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority, id LIMIT 1) UPDATE jobs j SET state = 'unlocked' FROM next WHERE j.id = next.id RETURNING j.priority;
--> priority
--> 5

DELETE FROM jobs WHERE id = (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority DESC, id DESC LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id;
--> id
--> 4

WITH next AS (SELECT id, priority FROM jobs ORDER BY id LIMIT 1 FOR UPDATE) SELECT * FROM next;
--> id | priority
--> 1 | 5

SELECT * FROM (SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE) AS first;
--> id
--> 1

SELECT id FROM jobs ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
--> id
--> 1

SELECT j.id FROM jobs j JOIN jobs k ON k.id = j.id ORDER BY j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED;
--> id
--> 1
