-- Changes that look whether the row is still the one that was read
-- oracle: postgres
-- chapter: changes

CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance NUMERIC NOT NULL CHECK (balance >= 0), version INTEGER NOT NULL DEFAULT 1);

INSERT INTO accounts (id, balance) VALUES (1, 100), (2, 50);

SELECT id, balance, version FROM accounts WHERE id = 1;
--> id | balance | version
--> 1 | 100 | 1

UPDATE accounts SET balance = 80, version = version + 1 WHERE id = 1 AND version = 1 RETURNING version;
--> version
--> 2

UPDATE accounts SET balance = 70, version = version + 1 WHERE id = 1 AND version = 1 RETURNING version;
--> version

UPDATE accounts SET balance = 70, version = version + 1 WHERE (id, version) = (1, 2) RETURNING balance, version;
--> balance | version
--> 70 | 3

WITH moved AS (UPDATE accounts SET balance = balance - 20, version = version + 1 WHERE id = 1 AND version = 3 RETURNING id)
UPDATE accounts SET balance = balance + 20, version = version + 1 WHERE id = 2 AND EXISTS (SELECT FROM moved) RETURNING balance;
--> balance
--> 70

WITH moved AS (UPDATE accounts SET balance = balance - 20, version = version + 1 WHERE id = 1 AND version = 3 RETURNING id)
UPDATE accounts SET balance = balance + 20, version = version + 1 WHERE id = 2 AND EXISTS (SELECT FROM moved) RETURNING balance;
--> balance

SELECT * FROM accounts ORDER BY id;
--> id | balance | version
--> 1 | 50 | 4
--> 2 | 70 | 2

UPDATE accounts SET balance = balance - 500 WHERE id = 1;
--! 23514: new row for relation "accounts" violates check constraint "accounts_balance_check"

UPDATE accounts SET balance = balance - 50 WHERE id = 1 AND balance >= 50 RETURNING balance;
--> balance
--> 0

UPDATE accounts SET balance = balance - 50 WHERE id = 1 AND balance >= 50 RETURNING balance;
--> balance

SELECT sum(balance) AS balance, sum(version) AS versions FROM accounts;
--> balance | versions
--> 70 | 6

UPDATE accounts a SET balance = v.balance, version = a.version + 1 FROM (VALUES (1, 10.0, 4), (2, 20.0, 1)) AS v(id, balance, version) WHERE a.id = v.id AND a.version = v.version RETURNING a.id, a.balance, a.version;
--> id | balance | version
--> 1 | 10.0 | 5

SELECT v.id, a.version FROM (VALUES (1, 4), (2, 1)) AS v(id, version) LEFT JOIN accounts a ON a.id = v.id AND a.version = v.version ORDER BY v.id;
--> id | version
--> 1 | NULL
--> 2 | NULL
