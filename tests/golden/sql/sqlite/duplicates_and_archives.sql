-- Doubled rows found and removed, rows moved to an archive in batches
-- oracle: sqlite
-- chapter: changes

CREATE TABLE ticks (id INTEGER PRIMARY KEY, symbol TEXT, at TEXT, price REAL);

INSERT INTO ticks VALUES (1, 'A', '09:00', 10), (2, 'A', '09:00', 10), (3, 'A', '09:01', 10), (4, 'B', NULL, 5), (5, 'B', NULL, 5), (6, 'A', '09:00', 10), (7, 'C', '09:05', 1);

SELECT symbol, at, count(*) AS n, group_concat(id ORDER BY id) AS ids FROM ticks GROUP BY symbol, at, price HAVING n > 1 ORDER BY symbol;
--> symbol | at | n | ids
--> A | 09:00 | 3 | 1,2,6
--> B | NULL | 2 | 4,5

SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY symbol, at, price ORDER BY id) AS n FROM ticks) WHERE n > 1 ORDER BY id;
--> id
--> 2
--> 5
--> 6

SELECT t.id FROM ticks t WHERE EXISTS (SELECT 1 FROM ticks x WHERE x.symbol = t.symbol AND x.at = t.at AND x.id < t.id) ORDER BY id;
--> id
--> 2
--> 6

SELECT t.id FROM ticks t WHERE EXISTS (SELECT 1 FROM ticks x WHERE x.symbol IS t.symbol AND x.at IS t.at AND x.id < t.id) ORDER BY id;
--> id
--> 2
--> 5
--> 6

BEGIN;

DELETE FROM ticks WHERE id NOT IN (SELECT min(id) FROM ticks GROUP BY symbol, at, price);

SELECT group_concat(id ORDER BY id) AS rest FROM ticks;
--> rest
--> 1,3,4,7

ROLLBACK;

DELETE FROM ticks WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY symbol, at ORDER BY id DESC) AS n FROM ticks) WHERE n > 1);

SELECT group_concat(id ORDER BY id) AS rest FROM ticks;
--> rest
--> 3,5,6,7

CREATE UNIQUE INDEX ticks_once ON ticks (symbol, at);

INSERT INTO ticks VALUES (8, 'A', '09:00', 99);
--! UNIQUE constraint failed: ticks.symbol, ticks.at

INSERT OR IGNORE INTO ticks VALUES (8, 'A', '09:00', 99), (9, 'D', '09:00', 3);

INSERT INTO ticks VALUES (10, 'B', NULL, 99);

SELECT count(*) AS n FROM ticks;
--> n
--> 6

CREATE TABLE archive AS SELECT * FROM ticks WHERE 0;

BEGIN;

INSERT INTO archive SELECT * FROM ticks ORDER BY id LIMIT 2;

DELETE FROM ticks WHERE id IN (SELECT id FROM archive);

COMMIT;

SELECT (SELECT group_concat(id ORDER BY id) FROM ticks) AS live, (SELECT group_concat(id ORDER BY id) FROM archive) AS archived;
--> live | archived
--> 6,7,9,10 | 3,5
