-- LATERAL sees what stands before it
-- oracle: postgres
-- chapter: queries

CREATE TABLE u (id INTEGER);

CREATE TABLE t (user_id INTEGER, at INTEGER);

INSERT INTO u VALUES (1), (2), (3);

INSERT INTO t VALUES (1, 10), (1, 20), (2, 5);

SELECT u.id, l.at FROM u CROSS JOIN LATERAL (SELECT at FROM t WHERE t.user_id = u.id ORDER BY at DESC LIMIT 1) AS l ORDER BY u.id;
--> id | at
--> 1 | 20
--> 2 | 5

SELECT u.id, l.at FROM u LEFT JOIN LATERAL (SELECT at FROM t WHERE t.user_id = u.id ORDER BY at DESC LIMIT 1) AS l ON true ORDER BY u.id;
--> id | at
--> 1 | 20
--> 2 | 5
--> 3 | NULL

SELECT u.id, g FROM u, generate_series(1, u.id) AS g ORDER BY u.id, g;
--> id | g
--> 1 | 1
--> 2 | 1
--> 2 | 2
--> 3 | 1
--> 3 | 2
--> 3 | 3
