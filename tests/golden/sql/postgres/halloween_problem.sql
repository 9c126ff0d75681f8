-- A statement does not see its own changes
-- oracle: postgres
-- chapter: transactions

CREATE TABLE pay (id INTEGER PRIMARY KEY, salary INTEGER);

CREATE INDEX pay_salary ON pay (salary);

INSERT INTO pay VALUES (1, 10), (2, 20), (3, 30);

UPDATE pay SET salary = salary + 15 WHERE salary < 40;

SELECT * FROM pay ORDER BY id;
--> id | salary
--> 1 | 25
--> 2 | 35
--> 3 | 45

INSERT INTO pay SELECT id + 10, salary FROM pay;

SELECT count(*) FROM pay;
--> count
--> 6

UPDATE pay SET salary = (SELECT max(salary) FROM pay) + 1 WHERE id < 3;

SELECT id, salary FROM pay WHERE id < 3 ORDER BY id;
--> id | salary
--> 1 | 46
--> 2 | 46

DELETE FROM pay WHERE salary > (SELECT avg(salary) FROM pay);

SELECT id FROM pay ORDER BY id;
--> id
--> 11
--> 12

UPDATE pay SET id = id + 1 WHERE id > 11;

INSERT INTO pay SELECT max(id) + 1, 0 FROM pay RETURNING id, (SELECT count(*) FROM pay) AS before;
--> id | before
--> 14 | 2
--~> id | before
--~> 14 | 3
