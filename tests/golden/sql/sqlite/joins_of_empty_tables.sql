-- Joins and subqueries of tables without rows
-- oracle: sqlite
-- chapter: queries

CREATE TABLE filled (x INTEGER, w TEXT);

CREATE TABLE empty (x INTEGER, note TEXT);

INSERT INTO filled VALUES (1, 'one'), (2, 'two');

SELECT * FROM filled JOIN empty USING (x);
--> x | w | note

SELECT * FROM filled LEFT JOIN empty USING (x) ORDER BY x;
--> x | w | note
--> 1 | one | NULL
--> 2 | two | NULL

SELECT * FROM empty RIGHT JOIN filled USING (x) ORDER BY x;
--> x | note | w
--> 1 | NULL | one
--> 2 | NULL | two

SELECT * FROM empty LEFT JOIN filled USING (x);
--> x | note | w

SELECT * FROM empty FULL JOIN filled USING (x) ORDER BY x;
--> x | note | w
--> 1 | NULL | one
--> 2 | NULL | two

SELECT count(*) FROM filled, empty;
--> count(*)
--> 0

SELECT x, x IN (SELECT x FROM empty) AS found, x NOT IN (SELECT x FROM empty) AS missing, x IN () AS in_nothing FROM filled ORDER BY x;
--> x | found | missing | in_nothing
--> 1 | 0 | 1 | 0
--> 2 | 0 | 1 | 0

SELECT NULL IN (SELECT x FROM empty) AS null_in_nothing, NULL IN () AS null_in_list, NULL NOT IN (SELECT x FROM empty) AS null_not_in;
--> null_in_nothing | null_in_list | null_not_in
--> 0 | 0 | 1

SELECT x, (SELECT note FROM empty) AS scalar, EXISTS (SELECT 1 FROM empty) AS there FROM filled ORDER BY x;
--> x | scalar | there
--> 1 | NULL | 0
--> 2 | NULL | 0

SELECT count(*), count(note), max(note), sum(x), total(x), group_concat(note) FROM empty;
--> count(*) | count(note) | max(note) | sum(x) | total(x) | group_concat(note)
--> 0 | 0 | NULL | NULL | 0.0 | NULL

SELECT x, count(*) FROM empty GROUP BY x;
--> x | count(*)

SELECT f.x, e.n FROM filled f LEFT JOIN (SELECT count(*) AS n FROM empty) e ON true ORDER BY f.x;
--> x | n
--> 1 | 0
--> 2 | 0

SELECT max(x), min(note) FROM empty HAVING count(*) = 0;
--> max(x) | min(note)
--> NULL | NULL

SELECT * FROM empty UNION ALL SELECT * FROM filled EXCEPT SELECT * FROM empty ORDER BY 1;
--> x | note
--> 1 | one
--> 2 | two
