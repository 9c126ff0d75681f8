-- Subqueries that read the row around them, in each clause
-- oracle: postgres
-- chapter: queries

CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, credit INTEGER);

CREATE TABLE moves (account INTEGER, amount INTEGER, day DATE);

INSERT INTO accounts VALUES (1, 'ann', 100), (2, 'bob', 50), (3, 'cyd', 0);

INSERT INTO moves VALUES (1, 70, '2024-01-01'), (1, -20, '2024-01-05'), (2, 60, '2024-01-02'), (2, -90, '2024-01-03');

SELECT owner, (SELECT sum(amount) FROM moves m WHERE m.account = a.id) AS balance FROM accounts a ORDER BY id;
--> owner | balance
--> ann | 50
--> bob | -30
--> cyd | NULL

SELECT owner, coalesce((SELECT amount FROM moves m WHERE m.account = a.id ORDER BY day DESC LIMIT 1), 0) AS last FROM accounts a ORDER BY id;
--> owner | last
--> ann | -20
--> bob | -90
--> cyd | 0

SELECT owner FROM accounts a WHERE credit < (SELECT max(amount) FROM moves m WHERE m.account = a.id) ORDER BY 1;
--> owner
--> bob

SELECT owner FROM accounts a WHERE 1 < (SELECT count(*) FROM moves m WHERE m.account = a.id) ORDER BY 1;
--> owner
--> ann
--> bob

SELECT owner FROM accounts a ORDER BY (SELECT min(day) FROM moves m WHERE m.account = a.id) DESC NULLS LAST, id;
--> owner
--> bob
--> ann
--> cyd

SELECT account, sum(amount) FROM moves m GROUP BY account HAVING sum(amount) < (SELECT credit FROM accounts a WHERE a.id = m.account) ORDER BY 1;
--> account | sum
--> 1 | 50
--> 2 | -30

SELECT (SELECT owner FROM accounts a WHERE a.id = m.account) AS owner, count(*) FROM moves m GROUP BY (SELECT owner FROM accounts a WHERE a.id = m.account) ORDER BY 1;
--> owner | count
--> ann | 2
--> bob | 2
--~! 42803: column "m.account" must appear in the GROUP BY clause or be used in an aggregate function

SELECT owner, CASE WHEN EXISTS (SELECT FROM moves m WHERE m.account = a.id AND amount < 0) THEN 'paid' ELSE 'kept' END AS kind FROM accounts a ORDER BY id;
--> owner | kind
--> ann | paid
--> bob | paid
--> cyd | kept

SELECT a.owner, m.amount FROM accounts a JOIN moves m ON m.account = a.id AND m.day = (SELECT max(day) FROM moves x WHERE x.account = a.id) ORDER BY 1;
--> owner | amount
--> ann | -20
--> bob | -90

SELECT owner, ARRAY(SELECT amount FROM moves m WHERE m.account = a.id ORDER BY day) AS amounts FROM accounts a ORDER BY id;
--> owner | amounts
--> ann | {70,-20}
--> bob | {60,-90}
--> cyd | {}

SELECT sum((SELECT count(*) FROM moves m WHERE m.account = a.id) * credit) FROM accounts a;
--> sum
--> 300

SELECT owner, row_number() OVER (ORDER BY (SELECT count(*) FROM moves m WHERE m.account = a.id) DESC, id) AS place FROM accounts a ORDER BY id;
--> owner | place
--> ann | 1
--> bob | 2
--> cyd | 3

UPDATE accounts a SET credit = credit + coalesce((SELECT sum(amount) FROM moves m WHERE m.account = a.id), 0);

SELECT owner, credit FROM accounts ORDER BY id;
--> owner | credit
--> ann | 150
--> bob | 20
--> cyd | 0

DELETE FROM accounts a WHERE NOT EXISTS (SELECT FROM moves m WHERE m.account = a.id) RETURNING owner;
--> owner
--> cyd
