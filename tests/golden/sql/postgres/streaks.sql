-- Streaks: the longest runs of wins, and when they end
-- oracle: postgres
-- chapter: windows

CREATE TABLE results (day INTEGER PRIMARY KEY, won BOOLEAN);

INSERT INTO results VALUES (1, true), (2, true), (3, false), (4, true), (5, true), (6, true), (7, NULL), (8, false), (9, false);

SELECT day, won, row_number() OVER (ORDER BY day) - row_number() OVER (PARTITION BY won ORDER BY day) AS run FROM results ORDER BY day;
--> day | won | run
--> 1 | t | 0
--> 2 | t | 0
--> 3 | f | 2
--> 4 | t | 1
--> 5 | t | 1
--> 6 | t | 1
--> 7 | NULL | 6
--> 8 | f | 6
--> 9 | f | 6

SELECT won, count(*) AS length, min(day) AS since, max(day) AS until FROM (SELECT *, row_number() OVER (ORDER BY day) - row_number() OVER (PARTITION BY won ORDER BY day) AS run FROM results) r GROUP BY won, run ORDER BY since;
--> won | length | since | until
--> t | 2 | 1 | 2
--> f | 1 | 3 | 3
--> t | 3 | 4 | 6
--> NULL | 1 | 7 | 7
--> f | 2 | 8 | 9

SELECT max(length) FROM (SELECT count(*) AS length FROM (SELECT *, row_number() OVER (ORDER BY day) - row_number() OVER (PARTITION BY won ORDER BY day) AS run FROM results) r WHERE won GROUP BY run) l;
--> max
--> 3

SELECT day, row_number() OVER (PARTITION BY won, run ORDER BY day) AS nth FROM (SELECT *, row_number() OVER (ORDER BY day) - row_number() OVER (PARTITION BY won ORDER BY day) AS run FROM results) r ORDER BY day;
--> day | nth
--> 1 | 1
--> 2 | 2
--> 3 | 1
--> 4 | 1
--> 5 | 2
--> 6 | 3
--> 7 | 1
--> 8 | 1
--> 9 | 2

SELECT day FROM (SELECT day, won, lag(won) OVER (ORDER BY day) AS before FROM results) r WHERE won IS DISTINCT FROM before ORDER BY day;
--> day
--> 1
--> 3
--> 4
--> 7
--> 8

SELECT day, count(*) FILTER (WHERE changed) OVER (ORDER BY day) AS run FROM (SELECT day, won IS DISTINCT FROM lag(won) OVER (ORDER BY day) AS changed FROM results) r ORDER BY day;
--> day | run
--> 1 | 1
--> 2 | 1
--> 3 | 2
--> 4 | 3
--> 5 | 3
--> 6 | 3
--> 7 | 4
--> 8 | 5
--> 9 | 5

SELECT count(*) AS current FROM results WHERE day > (SELECT max(day) FROM results r WHERE r.won IS NOT false);
--> current
--> 2

SELECT a.day FROM results a JOIN results b ON b.day = a.day + 1 JOIN results c ON c.day = a.day + 2 WHERE a.won AND b.won AND c.won;
--> day
--> 4

SELECT day, bool_and(won) OVER (ORDER BY day ROWS 2 PRECEDING) AS three_won FROM results ORDER BY day;
--> day | three_won
--> 1 | t
--> 2 | t
--> 3 | f
--> 4 | f
--> 5 | f
--> 6 | t
--> 7 | t
--> 8 | f
--> 9 | f

SELECT day, every(won) OVER w AS every, bool_or(won) OVER w AS some, count(won) OVER w AS known FROM results WINDOW w AS (ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) ORDER BY day;
--> day | every | some | known
--> 1 | t | t | 2
--> 2 | f | t | 3
--> 3 | f | t | 3
--> 4 | f | t | 3
--> 5 | t | t | 3
--> 6 | t | t | 2
--> 7 | f | t | 2
--> 8 | f | f | 2
--> 9 | f | f | 2

SELECT string_agg(CASE won WHEN true THEN 'W' WHEN false THEN 'L' ELSE '-' END, '' ORDER BY day) AS form FROM results;
--> form
--> WWLWWW-LL

SELECT length((regexp_matches(form, 'W+', 'g'))[1]) AS runs FROM (SELECT string_agg(CASE won WHEN true THEN 'W' WHEN false THEN 'L' ELSE '-' END, '' ORDER BY day) AS form FROM results) f ORDER BY 1;
--> runs
--> 2
--> 3
