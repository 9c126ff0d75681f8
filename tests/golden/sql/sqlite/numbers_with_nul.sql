-- Texts with a NUL: numbers are read up to it
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (i INTEGER, r REAL);

INSERT INTO t VALUES ('2' || x'00', '2.5' || x'0041');

SELECT i, r, typeof(i), typeof(r) FROM t;
--> i | r | typeof(i) | typeof(r)
--> 2 | 2.5 | integer | real

SELECT i = '2' || x'00', r = '2.5' || x'00', i IN ('2' || x'0041') FROM t;
--> i = '2' || x'00' | r = '2.5' || x'00' | i IN ('2' || x'0041')
--> 1 | 1 | 1

SELECT typeof(('1' || x'00') + 1), ('12' || x'0033') + 0, sum('5' || x'00');
--> typeof(('1' || x'00') + 1) | ('12' || x'0033') + 0 | sum('5' || x'00')
--> real | 12.0 | 5
