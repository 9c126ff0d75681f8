-- A queue by UPDATE ... RETURNING: the next job, retries, rows moved away
-- oracle: sqlite
-- chapter: changes

CREATE TABLE jobs (id INTEGER PRIMARY KEY, priority INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'ready', worker TEXT, tries INTEGER NOT NULL DEFAULT 0);

CREATE TABLE done (id INTEGER PRIMARY KEY, worker TEXT);

INSERT INTO jobs (id, priority) VALUES (1, 5), (2, 9), (3, 9), (4, 1);

UPDATE jobs SET state = 'taken', worker = 'w1', tries = tries + 1 WHERE id = (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority DESC, id LIMIT 1) RETURNING id, worker, tries;
--> id | worker | tries
--> 2 | w1 | 1

UPDATE jobs SET state = 'taken', worker = 'w2', tries = tries + 1 WHERE id = (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority DESC, id LIMIT 1) RETURNING id, worker;
--> id | worker
--> 3 | w2

UPDATE jobs SET state = 'ready', worker = NULL WHERE id = 2 AND worker = 'w1' RETURNING id, state;
--> id | state
--> 2 | ready

UPDATE jobs SET state = 'ready' WHERE id = 3 AND worker = 'w9' RETURNING id;
--> id

SELECT changes() AS changed;
--> changed
--> 0

UPDATE jobs SET state = iif(tries >= 1, 'failed', 'ready') WHERE id = 3 RETURNING state;
--> state
--> failed

BEGIN IMMEDIATE;

INSERT INTO done SELECT id, 'w3' FROM jobs WHERE id = 2;

DELETE FROM jobs WHERE id = 2;

SELECT changes() AS changed;
--> changed
--> 1

COMMIT;

SELECT * FROM done;
--> id | worker
--> 2 | w3

SELECT id, state, tries FROM jobs ORDER BY id;
--> id | state | tries
--> 1 | ready | 0
--> 3 | failed | 1
--> 4 | ready | 0

DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' ORDER BY priority LIMIT 1) RETURNING id;
--> id
--> 4

UPDATE jobs SET priority = priority + 1 WHERE state = 'ready' AND priority < (SELECT max(priority) FROM jobs) RETURNING id, priority;
--> id | priority
--> 1 | 6

SELECT state, count(*) AS n, max(priority) AS top FROM jobs GROUP BY state ORDER BY state;
--> state | n | top
--> failed | 1 | 9
--> ready | 1 | 6

UPDATE jobs SET worker = 'w4' WHERE state = 'ready' AND worker IS NULL AND tries = 0 RETURNING id, worker;
--> id | worker
--> 1 | w4

UPDATE jobs SET worker = 'w5' WHERE state = 'ready' AND worker IS NULL AND tries = 0 RETURNING id, worker;
--> id | worker
