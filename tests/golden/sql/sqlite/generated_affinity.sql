-- Generated columns compare as the columns do that they are computed of
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c TEXT COLLATE NOCASE, d BLOB, more AS (b > 2), less AS (CASE WHEN b < 2 THEN -1 ELSE 1 END) STORED, same AS (a = '3'), named AS (c = 'X'), listed AS (b IN (2, 3)), kept AS (d = 2));

INSERT INTO t (a, b, c, d) VALUES (1, '12:00', 'x', 2), (2, '2', 'X', '2'), (3, 10, 'y', NULL);

SELECT * FROM t ORDER BY a;
--> a | b | c | d | more | less | same | named | listed | kept
--> 1 | 12:00 | x | 2 | 0 | -1 | 0 | 1 | 0 | 1
--> 2 | 2 | X | 2 | 0 | 1 | 0 | 1 | 1 | 0
--> 3 | 10 | y | NULL | 0 | -1 | 1 | 0 | 0 | NULL

UPDATE t SET b = 3, c = 'x', a = a + 10 RETURNING *;
--> a | b | c | d | more | less | same | named | listed | kept
--> 11 | 3 | x | 2 | 1 | 1 | 0 | 1 | 1 | 1
--> 12 | 3 | x | 2 | 1 | 1 | 0 | 1 | 1 | 0
--> 13 | 3 | x | NULL | 1 | 1 | 0 | 1 | 1 | NULL

SELECT * FROM t ORDER BY a;
--> a | b | c | d | more | less | same | named | listed | kept
--> 11 | 3 | x | 2 | 1 | 1 | 0 | 1 | 1 | 1
--> 12 | 3 | x | 2 | 1 | 1 | 0 | 1 | 1 | 0
--> 13 | 3 | x | NULL | 1 | 1 | 0 | 1 | 1 | NULL
