-- WITH CHECK OPTION: LOCAL, CASCADED, of views of views
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);

CREATE VIEW positive AS SELECT * FROM t WHERE n > 0 WITH CHECK OPTION;

INSERT INTO positive VALUES (1, 5);

INSERT INTO positive VALUES (2, -5);
--! 44000: new row violates check option for view "positive"

INSERT INTO positive VALUES (2, NULL);
--! 44000: new row violates check option for view "positive"

INSERT INTO positive (id) VALUES (2);
--! 44000: new row violates check option for view "positive"

UPDATE positive SET n = -1;
--! 44000: new row violates check option for view "positive"

UPDATE positive SET n = n + 1 RETURNING *;
--> id | n
--> 1 | 6

CREATE VIEW loose AS SELECT * FROM t WHERE n > 0;

CREATE VIEW small AS SELECT * FROM loose WHERE n < 100 WITH LOCAL CHECK OPTION;

INSERT INTO small VALUES (3, -3);

INSERT INTO small VALUES (4, 400);
--! 44000: new row violates check option for view "small"

CREATE VIEW tight AS SELECT * FROM loose WHERE n < 100 WITH CASCADED CHECK OPTION;

INSERT INTO tight VALUES (5, -5);
--! 44000: new row violates check option for view "loose"

INSERT INTO tight VALUES (5, 50), (6, 600);
--! 44000: new row violates check option for view "tight"

SELECT * FROM t ORDER BY id;
--> id | n
--> 1 | 6
--> 3 | -3

CREATE VIEW grouped AS SELECT n, count(*) FROM t GROUP BY n WITH CHECK OPTION;
--! 0A000: WITH CHECK OPTION is supported only on automatically updatable views
