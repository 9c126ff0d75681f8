-- Spans of time that overlap are merged, and those open at once counted
-- oracle: postgres
-- chapter: windows

CREATE TABLE spans (id INTEGER, since INTEGER, until INTEGER);

INSERT INTO spans VALUES (1, 1, 5), (2, 2, 3), (3, 4, 8), (4, 10, 12), (5, 12, 15), (6, 20, 21), (7, 1, 5);

SELECT min(since) AS since, max(until) AS until, count(*) AS spans FROM (
  SELECT *, count(*) FILTER (WHERE begins) OVER (ORDER BY since, until, id) AS island FROM (
    SELECT *, since > coalesce(max(until) OVER (ORDER BY since, until, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1) AS begins FROM spans) b) i
GROUP BY island ORDER BY 1;
--> since | until | spans
--> 1 | 8 | 4
--> 10 | 15 | 2
--> 20 | 21 | 1

SELECT a.id, b.id AS overlaps FROM spans a JOIN spans b ON a.id < b.id AND a.since < b.until AND b.since < a.until ORDER BY 1, 2;
--> id | overlaps
--> 1 | 2
--> 1 | 3
--> 1 | 7
--> 2 | 7
--> 3 | 7

SELECT a.id, b.id AS contained FROM spans a JOIN spans b ON a.id <> b.id AND a.since <= b.since AND b.until <= a.until AND (a.since, a.until) <> (b.since, b.until) ORDER BY 1, 2;
--> id | contained
--> 1 | 2
--> 7 | 2

SELECT at, sum(sum(step)) OVER (ORDER BY at) AS open FROM (SELECT since AS at, 1 AS step FROM spans UNION ALL SELECT until, -1 FROM spans) e GROUP BY at ORDER BY at;
--> at | open
--> 1 | 2
--> 2 | 3
--> 3 | 2
--> 4 | 3
--> 5 | 1
--> 8 | 0
--> 10 | 1
--> 12 | 1
--> 15 | 0
--> 20 | 1
--> 21 | 0

SELECT max(open) AS most FROM (SELECT sum(step) OVER (ORDER BY at, step ROWS UNBOUNDED PRECEDING) AS open FROM (SELECT since AS at, 1 AS step FROM spans UNION ALL SELECT until, -1 FROM spans) e) o;
--> most
--> 3

SELECT g AS at, count(s.id) AS open FROM generate_series(0, 6) AS g LEFT JOIN spans s ON g >= s.since AND g < s.until GROUP BY g ORDER BY g;
--> at | open
--> 0 | 0
--> 1 | 2
--> 2 | 3
--> 3 | 2
--> 4 | 3
--> 5 | 1
--> 6 | 1

SELECT until AS gap_since, next AS gap_until FROM (SELECT max(until) OVER (ORDER BY since, until) AS until, lead(since) OVER (ORDER BY since, until) AS next FROM spans) g WHERE next > until ORDER BY 1;
--> gap_since | gap_until
--> 8 | 10
--> 15 | 20

SELECT sum(until - since) AS counted_twice, (SELECT sum(u - s) FROM (SELECT min(since) AS s, max(until) AS u FROM (SELECT *, sum(b) OVER (ORDER BY since, until, id) AS i FROM (SELECT *, (since > coalesce(max(until) OVER (ORDER BY since, until, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1))::integer AS b FROM spans) x) y GROUP BY i) z) AS once FROM spans;
--> counted_twice | once
--> 19 | 13

SELECT since, until, array_agg(id ORDER BY id) AS ids FROM spans GROUP BY since, until HAVING count(*) > 1;
--> since | until | ids
--> 1 | 5 | {1,7}

WITH RECURSIVE chosen (id, until) AS (
  (SELECT id, until FROM spans ORDER BY until, id LIMIT 1)
  UNION ALL
  (SELECT n.id, n.until FROM chosen c, LATERAL (SELECT id, until FROM spans s WHERE s.since >= c.until ORDER BY until, id LIMIT 1) n)
) SELECT id, until FROM chosen ORDER BY until;
--> id | until
--> 2 | 3
--> 3 | 8
--> 4 | 12
--> 5 | 15
--> 6 | 21

SELECT (date '2024-01-01', date '2024-01-10') OVERLAPS (date '2024-01-10', date '2024-01-20') AS touching, (date '2024-01-01', date '2024-01-10') OVERLAPS (date '2024-01-09', date '2024-01-20') AS crossing;
--> touching | crossing
--> f | t
