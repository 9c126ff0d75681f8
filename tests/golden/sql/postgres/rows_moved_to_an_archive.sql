-- Rows that go from one table to another, in batches
-- oracle: postgres
-- chapter: changes

CREATE TABLE live (id INTEGER PRIMARY KEY, day DATE, note TEXT);

CREATE TABLE archive (LIKE live);

INSERT INTO live SELECT n, date '2024-01-01' + n * 10, 'note ' || n FROM generate_series(1, 9) AS n;

WITH gone AS (DELETE FROM live WHERE day < '2024-01-25' RETURNING *), kept AS (INSERT INTO archive SELECT * FROM gone RETURNING id) SELECT count(*), max(id) FROM kept;
--> count | max
--> 2 | 2

WITH batch AS (SELECT id FROM live ORDER BY day LIMIT 3), gone AS (DELETE FROM live USING batch WHERE live.id = batch.id RETURNING live.*) INSERT INTO archive SELECT * FROM gone;

SELECT (SELECT array_agg(id ORDER BY id) FROM live) AS live, (SELECT array_agg(id ORDER BY id) FROM archive) AS archive;
--> live | archive
--> {6,7,8,9} | {1,2,3,4,5}

INSERT INTO live SELECT * FROM archive WHERE id = 1 RETURNING note;
--> note
--> note 1

INSERT INTO live SELECT * FROM archive WHERE id <= 2 ON CONFLICT DO NOTHING RETURNING id;
--> id
--> 2

DELETE FROM archive a USING live l WHERE l.id = a.id;

SELECT id FROM archive ORDER BY id;
--> id
--> 3
--> 4
--> 5

DELETE FROM live WHERE id IN (SELECT id FROM live EXCEPT SELECT id FROM live WHERE day > '2024-03-01');

SELECT 'live' AS place, count(*) FROM live UNION ALL SELECT 'archive', count(*) FROM archive ORDER BY 1;
--> place | count
--> archive | 3
--> live | 3

WITH gone AS (DELETE FROM archive RETURNING id, day) SELECT date_trunc('month', day)::date AS month, count(*) FROM gone GROUP BY 1 ORDER BY 1;
--> month | count
--> 2024-01-01 | 1
--> 2024-02-01 | 2

SELECT count(*) FROM archive;
--> count
--> 0

INSERT INTO archive (id) SELECT id FROM live WHERE false RETURNING id;
--> id

CREATE TABLE again AS SELECT *, id * 2 AS twice FROM live WITH NO DATA;

SELECT * FROM again;
--> id | day | note | twice
