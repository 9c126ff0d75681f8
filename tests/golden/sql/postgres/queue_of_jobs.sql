-- A queue: taking the next job, giving it back, finishing it
-- oracle: postgres
-- chapter: changes

CREATE TABLE jobs (id INTEGER PRIMARY KEY, priority INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'ready', worker TEXT, tries INTEGER NOT NULL DEFAULT 0, after TIMESTAMP);

INSERT INTO jobs (id, priority, after) VALUES (1, 5, NULL), (2, 9, NULL), (3, 9, '2024-06-01'), (4, 1, '2024-01-01');

CREATE INDEX jobs_ready ON jobs (priority DESC, id) WHERE state = 'ready';

BEGIN;

SELECT id FROM jobs WHERE state = 'ready' AND (after IS NULL OR after <= '2024-02-01') ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED;
--> id
--> 2

UPDATE jobs SET state = 'taken', worker = 'w1', tries = tries + 1 WHERE id = 2 RETURNING id, worker, tries;
--> id | worker | tries
--> 2 | w1 | 1

COMMIT;

BEGIN;

SELECT id FROM jobs WHERE state = 'ready' AND (after IS NULL OR after <= '2024-02-01') ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED;
--> id
--> 1

UPDATE jobs SET state = 'taken', worker = 'w2', tries = tries + 1 WHERE id = 1 RETURNING id, worker;
--> id | worker
--> 1 | w2

COMMIT;

UPDATE jobs SET state = 'ready', worker = NULL WHERE id = 2 AND worker = 'w1' RETURNING id, tries;
--> id | tries
--> 2 | 1

UPDATE jobs SET state = 'ready' WHERE id = 1 AND worker = 'w9' RETURNING id;
--> id

UPDATE jobs SET state = 'taken', worker = 'w3' WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority DESC, id LIMIT 2);

SELECT id, state, worker, tries FROM jobs ORDER BY id;
--> id | state | worker | tries
--> 1 | taken | w2 | 1
--> 2 | taken | w3 | 1
--> 3 | taken | w3 | 0
--> 4 | ready | NULL | 0

DELETE FROM jobs WHERE id = 2 RETURNING id, state;
--> id | state
--> 2 | taken

DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' ORDER BY id LIMIT 1) RETURNING id;
--> id
--> 4

BEGIN;

SELECT id FROM jobs WHERE worker = 'w3' ORDER BY id FOR UPDATE SKIP LOCKED;
--> id
--> 3

SELECT id FROM jobs WHERE worker = 'w2' FOR UPDATE NOWAIT;
--> id
--> 1

SELECT count(*) FROM jobs FOR UPDATE;
--! 0A000: FOR UPDATE is not allowed with aggregate functions

ROLLBACK;

UPDATE jobs SET state = CASE WHEN tries >= 1 THEN 'failed' ELSE 'ready' END WHERE worker IN ('w2', 'w3');

SELECT state, count(*) FROM jobs GROUP BY state ORDER BY state;
--> state | count
--> failed | 1
--> ready | 1
