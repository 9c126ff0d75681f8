-- How far lag and lead look: what is no whole number leads to no row
-- oracle: sqlite
-- chapter: windows

WITH v(a) AS (VALUES (1), (2), (3)) SELECT a, lead(a, 0.5, 'd') OVER w, lead(a, 1.0, 'd') OVER w, lead(a, NULL, 'd') OVER w, lag(a, '1', 'd') OVER w FROM v WINDOW w AS (ORDER BY a);
--> a | lead(a, 0.5, 'd') OVER w | lead(a, 1.0, 'd') OVER w | lead(a, NULL, 'd') OVER w | lag(a, '1', 'd') OVER w
--> 1 | d | 2 | d | d
--> 2 | d | 3 | d | 1
--> 3 | d | d | d | 2

WITH v(a) AS (VALUES (1), (2), (3)) SELECT a, lag(a, 'x', 'd') OVER w, lead(a, '1.5', 'd') OVER w, lead(a, x'31', 'd') OVER w, lead(a, -1, 'd') OVER w, lag(a, 9223372036854775807, 'd') OVER w, lead(a, a - 1, a * 10) OVER w, lead(a, NULL) OVER w FROM v WINDOW w AS (ORDER BY a);
--> a | lag(a, 'x', 'd') OVER w | lead(a, '1.5', 'd') OVER w | lead(a, x'31', 'd') OVER w | lead(a, -1, 'd') OVER w | lag(a, 9223372036854775807, 'd') OVER w | lead(a, a - 1, a * 10) OVER w | lead(a, NULL) OVER w
--> 1 | 1 | d | 2 | d | d | 1 | NULL
--> 2 | 2 | d | 3 | 1 | d | 3 | NULL
--> 3 | 3 | d | d | 2 | d | 30 | NULL
