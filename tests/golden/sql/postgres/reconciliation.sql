-- Two systems compared: missing here, missing there, and different by more than a cent
-- oracle: postgres
-- chapter: queries

CREATE TABLE ours (id TEXT, symbol TEXT, amount NUMERIC(10,2));

CREATE TABLE theirs (id TEXT, symbol TEXT, amount NUMERIC(10,2));

INSERT INTO ours VALUES ('t1', 'A', 100.00), ('t2', 'A', 50.00), ('t3', 'B', 7.25), ('t4', 'C', NULL), ('t6', 'D', 1);

INSERT INTO theirs VALUES ('t1', 'A', 100.00), ('t2', 'A', 50.01), ('t3', 'X', 7.25), ('t4', 'C', NULL), ('t5', 'E', 9);

SELECT id, CASE WHEN o.id IS NULL THEN 'missing here' WHEN t.id IS NULL THEN 'missing there' WHEN (o.symbol, o.amount) IS DISTINCT FROM (t.symbol, t.amount) THEN 'different' ELSE 'same' END AS verdict FROM ours o FULL JOIN theirs t USING (id) ORDER BY id;
--> id | verdict
--> t1 | same
--> t2 | different
--> t3 | different
--> t4 | same
--> t5 | missing here
--> t6 | missing there

SELECT coalesce(o.id, t.id) AS id, o.amount AS ours, t.amount AS theirs, o.amount - t.amount AS difference FROM ours o FULL JOIN theirs t ON t.id = o.id WHERE o.amount IS DISTINCT FROM t.amount ORDER BY 1;
--> id | ours | theirs | difference
--> t2 | 50.00 | 50.01 | -0.01
--> t5 | NULL | 9.00 | NULL
--> t6 | 1.00 | NULL | NULL

SELECT id FROM ours JOIN theirs t USING (id) WHERE abs(ours.amount - t.amount) > 0.01 ORDER BY id;
--> id

SELECT * FROM ours EXCEPT SELECT * FROM theirs ORDER BY id;
--> id | symbol | amount
--> t2 | A | 50.00
--> t3 | B | 7.25
--> t6 | D | 1.00

SELECT 'ours' AS side, x.* FROM (SELECT * FROM ours EXCEPT SELECT * FROM theirs) x UNION ALL SELECT 'theirs', y.* FROM (SELECT * FROM theirs EXCEPT SELECT * FROM ours) y ORDER BY id, side;
--> side | id | symbol | amount
--> ours | t2 | A | 50.00
--> theirs | t2 | A | 50.01
--> ours | t3 | B | 7.25
--> theirs | t3 | X | 7.25
--> theirs | t5 | E | 9.00
--> ours | t6 | D | 1.00

SELECT * FROM ours NATURAL JOIN theirs ORDER BY id;
--> id | symbol | amount
--> t1 | A | 100.00

SELECT * FROM ours INTERSECT SELECT * FROM theirs ORDER BY id;
--> id | symbol | amount
--> t1 | A | 100.00
--> t4 | C | NULL

SELECT symbol, coalesce(sum(o), 0) AS ours, coalesce(sum(t), 0) AS theirs, coalesce(sum(o), 0) = coalesce(sum(t), 0) AS equal FROM (SELECT symbol, amount AS o, NULL AS t FROM ours UNION ALL SELECT symbol, NULL, amount FROM theirs) u GROUP BY symbol ORDER BY symbol;
--> symbol | ours | theirs | equal
--> A | 150.00 | 150.01 | f
--> B | 7.25 | 0 | f
--> C | 0 | 0 | t
--> D | 1.00 | 0 | f
--> E | 0 | 9.00 | f
--> X | 0 | 7.25 | f

SELECT id FROM (SELECT id FROM ours UNION ALL SELECT id FROM theirs) u GROUP BY id HAVING count(*) = 1 ORDER BY id;
--> id
--> t5
--> t6

SELECT verdict, count(*) AS n FROM (SELECT CASE WHEN o.id IS NULL OR t.id IS NULL THEN 'missing' WHEN o IS NOT DISTINCT FROM t THEN 'same' ELSE 'different' END AS verdict FROM ours o FULL JOIN theirs t ON t.id = o.id) v GROUP BY verdict ORDER BY verdict;
--> verdict | n
--> different | 2
--> missing | 2
--> same | 2

SELECT o.id, k.column_name, k.ours, k.theirs FROM ours o JOIN theirs t ON t.id = o.id, LATERAL (VALUES ('symbol', o.symbol, t.symbol), ('amount', o.amount::text, t.amount::text)) AS k(column_name, ours, theirs) WHERE k.ours IS DISTINCT FROM k.theirs ORDER BY 1, 2;
--> id | column_name | ours | theirs
--> t2 | amount | 50.00 | 50.01
--> t3 | symbol | B | X

SELECT md5(string_agg(x::text, ',' ORDER BY id)) = (SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM theirs t) AS same_digest FROM ours x;
--> same_digest
--> f

SELECT count(*) FILTER (WHERE t.id IS NULL) AS only_ours, (SELECT count(*) FROM theirs WHERE id NOT IN (SELECT id FROM ours)) AS only_theirs FROM ours o LEFT JOIN theirs t ON t.id = o.id;
--> only_ours | only_theirs
--> 1 | 1
