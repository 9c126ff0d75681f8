-- UPDATE ... FROM and DELETE ... USING
-- oracle: postgres
-- chapter: changes

CREATE TABLE a (id INTEGER PRIMARY KEY, v INTEGER);

CREATE TABLE b (id INTEGER PRIMARY KEY, d INTEGER);

INSERT INTO a VALUES (1, 10), (2, 20), (3, 30);

INSERT INTO b VALUES (1, 1), (3, 3);

UPDATE a SET v = a.v + b.d FROM b WHERE a.id = b.id RETURNING a.id, a.v, b.d;
--> id | v | d
--> 1 | 11 | 1
--> 3 | 33 | 3
--~> id | v | d
--~> 3 | 33 | 3
--~> 1 | 11 | 1

DELETE FROM a USING b WHERE a.id = b.id AND b.d = 3 RETURNING a.*;
--> id | v
--> 3 | 33

SELECT * FROM a ORDER BY id;
--> id | v
--> 1 | 11
--> 2 | 20
