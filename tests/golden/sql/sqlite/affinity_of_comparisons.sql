-- Affinity where values are compared
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (i INTEGER, s TEXT, r REAL, n BLOB);

INSERT INTO t VALUES (500, '500', 500.0, '500');

SELECT i = '500', s = 500, r = '500', n = 500, i = s, i = r, s = r, s = n, i = n FROM t;
--> i = '500' | s = 500 | r = '500' | n = 500 | i = s | i = r | s = r | s = n | i = n
--> 1 | 1 | 1 | 0 | 1 | 1 | 1 | 1 | 1

SELECT i < 60, i < '60', s < 60, s < '60', r < 60, r < '60' FROM t;
--> i < 60 | i < '60' | s < 60 | s < '60' | r < 60 | r < '60'
--> 0 | 0 | 1 | 1 | 0 | 0

SELECT s < i, s + 0 < 60, i || '' = 500, +s = 500, CAST(s AS INTEGER) = 500 FROM t;
--> s < i | s + 0 < 60 | i || '' = 500 | +s = 500 | CAST(s AS INTEGER) = 500
--> 0 | 0 | 0 | 0 | 1

SELECT 500 = '500', '500' = 500.0, 500 = 500.0, '500' = '500.0';
--> 500 = '500' | '500' = 500.0 | 500 = 500.0 | '500' = '500.0'
--> 0 | 0 | 1 | 0

SELECT i IN ('500'), s IN (500), n IN (500), 500 IN (SELECT s FROM t), '500' IN (SELECT i FROM t) FROM t;
--> i IN ('500') | s IN (500) | n IN (500) | 500 IN (SELECT s FROM t) | '500' IN (SELECT i FROM t)
--> 1 | 1 | 0 | 1 | 1

SELECT i BETWEEN '400' AND '600', s BETWEEN 400 AND 600 FROM t;
--> i BETWEEN '400' AND '600' | s BETWEEN 400 AND 600
--> 1 | 1

SELECT (SELECT i FROM t) = '500', (SELECT s FROM t) = 500;
--> (SELECT i FROM t) = '500' | (SELECT s FROM t) = 500
--> 1 | 1

SELECT max(i) = '500', i + 0 = '500', abs(i) = '500' FROM t;
--> max(i) = '500' | i + 0 = '500' | abs(i) = '500'
--> 0 | 0 | 0
