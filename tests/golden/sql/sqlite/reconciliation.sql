-- Two systems compared: missing here, missing there, different
-- oracle: sqlite
-- chapter: queries

CREATE TABLE ours (id TEXT PRIMARY KEY, symbol TEXT, amount REAL);

CREATE TABLE theirs (id TEXT PRIMARY KEY, symbol TEXT, amount REAL);

INSERT INTO ours VALUES ('t1', 'A', 100), ('t2', 'A', 50), ('t3', 'B', 7.25), ('t4', 'C', NULL), ('t6', 'D', 1);

INSERT INTO theirs VALUES ('t1', 'A', 100), ('t2', 'A', 50.5), ('t3', 'X', 7.25), ('t4', 'C', NULL), ('t5', 'E', 9);

SELECT id, CASE WHEN o.symbol IS NULL THEN 'missing here' WHEN t.symbol IS NULL THEN 'missing there' WHEN (o.symbol, o.amount) IS NOT (t.symbol, t.amount) THEN 'different' ELSE 'same' END AS verdict FROM ours o FULL JOIN theirs t USING (id) ORDER BY id;
--> id | verdict
--> t1 | same
--> t2 | different
--> t3 | different
--> t4 | same
--> t5 | missing here
--> t6 | missing there

SELECT id, o.amount AS ours, t.amount AS theirs, o.amount - t.amount AS difference FROM ours o FULL JOIN theirs t USING (id) WHERE o.amount IS NOT t.amount ORDER BY id;
--> id | ours | theirs | difference
--> t2 | 50.0 | 50.5 | -0.5
--> t5 | NULL | 9.0 | NULL
--> t6 | 1.0 | NULL | NULL

SELECT * FROM ours EXCEPT SELECT * FROM theirs ORDER BY id;
--> id | symbol | amount
--> t2 | A | 50.0
--> t3 | B | 7.25
--> t6 | D | 1.0

SELECT * FROM ours INTERSECT SELECT * FROM theirs ORDER BY id;
--> id | symbol | amount
--> t1 | A | 100.0
--> t4 | C | NULL

SELECT 'ours' AS side, * FROM (SELECT * FROM ours EXCEPT SELECT * FROM theirs) UNION ALL SELECT 'theirs', * FROM (SELECT * FROM theirs EXCEPT SELECT * FROM ours) ORDER BY id, side;
--> side | id | symbol | amount
--> ours | t2 | A | 50.0
--> theirs | t2 | A | 50.5
--> ours | t3 | B | 7.25
--> theirs | t3 | X | 7.25
--> theirs | t5 | E | 9.0
--> ours | t6 | D | 1.0

SELECT * FROM ours NATURAL JOIN theirs ORDER BY id;
--> id | symbol | amount
--> t1 | A | 100.0

SELECT symbol, total(o) AS ours, total(t) AS theirs, total(o) = total(t) AS equal FROM (SELECT symbol, amount AS o, NULL AS t FROM ours UNION ALL SELECT symbol, NULL, amount FROM theirs) GROUP BY symbol ORDER BY symbol;
--> symbol | ours | theirs | equal
--> A | 150.0 | 150.5 | 0
--> B | 7.25 | 0.0 | 0
--> C | 0.0 | 0.0 | 1
--> D | 1.0 | 0.0 | 0
--> E | 0.0 | 9.0 | 0
--> X | 0.0 | 7.25 | 0

SELECT id FROM (SELECT id FROM ours UNION ALL SELECT id FROM theirs) GROUP BY id HAVING count(*) = 1 ORDER BY id;
--> id
--> t5
--> t6

SELECT verdict, count(*) AS n FROM (SELECT iif(o.id IS NULL OR t.id IS NULL, 'missing', iif(o.amount IS t.amount AND o.symbol = t.symbol, 'same', 'different')) AS verdict FROM ours o FULL JOIN theirs t ON t.id = o.id) GROUP BY verdict ORDER BY verdict;
--> verdict | n
--> different | 2
--> missing | 2
--> same | 2

SELECT o.id, 'symbol' AS what, o.symbol AS ours, t.symbol AS theirs FROM ours o JOIN theirs t USING (id) WHERE o.symbol <> t.symbol UNION ALL SELECT o.id, 'amount', o.amount, t.amount FROM ours o JOIN theirs t USING (id) WHERE o.amount IS NOT t.amount ORDER BY 1, 2;
--> id | what | ours | theirs
--> t2 | amount | 50.0 | 50.5
--> t3 | symbol | B | X

UPDATE ours SET amount = t.amount, symbol = t.symbol FROM theirs t WHERE t.id = ours.id AND (t.symbol, t.amount) IS NOT (ours.symbol, ours.amount);

INSERT INTO ours SELECT * FROM theirs WHERE id NOT IN (SELECT id FROM ours);

DELETE FROM ours WHERE id NOT IN (SELECT id FROM theirs);

SELECT count(*) AS differences FROM (SELECT * FROM ours EXCEPT SELECT * FROM theirs);
--> differences
--> 0

SELECT * FROM ours ORDER BY id;
--> id | symbol | amount
--> t1 | A | 100.0
--> t2 | A | 50.5
--> t3 | X | 7.25
--> t4 | C | NULL
--> t5 | E | 9.0
