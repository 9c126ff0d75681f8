-- Subqueries that read the row around them, in each clause
-- oracle: sqlite
-- chapter: queries

CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT, credit INTEGER);

CREATE TABLE moves (account INTEGER, amount INTEGER, day TEXT);

INSERT INTO accounts VALUES (1, 'ann', 100), (2, 'bob', 50), (3, 'cyd', 0);

INSERT INTO moves VALUES (1, 70, '2024-01-01'), (1, -20, '2024-01-05'), (2, 60, '2024-01-02'), (2, -90, '2024-01-03');

SELECT owner, (SELECT sum(amount) FROM moves m WHERE m.account = a.id) AS balance FROM accounts a ORDER BY id;
--> owner | balance
--> ann | 50
--> bob | -30
--> cyd | NULL

SELECT owner, ifnull((SELECT amount FROM moves m WHERE m.account = a.id ORDER BY day DESC LIMIT 1), 0) AS last FROM accounts a ORDER BY id;
--> owner | last
--> ann | -20
--> bob | -90
--> cyd | 0

SELECT owner FROM accounts a WHERE (SELECT count(*) FROM moves m WHERE m.account = a.id) > 1 ORDER BY owner;
--> owner
--> ann
--> bob

SELECT owner FROM accounts a ORDER BY (SELECT min(day) FROM moves m WHERE m.account = a.id) DESC, id;
--> owner
--> bob
--> ann
--> cyd

SELECT account, sum(amount) AS s FROM moves m GROUP BY account HAVING s < (SELECT credit FROM accounts a WHERE a.id = m.account) ORDER BY account;
--> account | s
--> 1 | 50
--> 2 | -30

SELECT (SELECT owner FROM accounts a WHERE a.id = m.account) AS who, count(*) AS n FROM moves m GROUP BY who ORDER BY who;
--> who | n
--> ann | 2
--> bob | 2

SELECT owner, CASE WHEN EXISTS (SELECT 1 FROM moves m WHERE m.account = a.id AND amount < 0) THEN 'paid' ELSE 'kept' END AS kind FROM accounts a ORDER BY id;
--> owner | kind
--> ann | paid
--> bob | paid
--> cyd | kept

SELECT a.owner, m.amount FROM accounts a JOIN moves m ON m.account = a.id AND m.day = (SELECT max(day) FROM moves x WHERE x.account = a.id) ORDER BY owner;
--> owner | amount
--> ann | -20
--> bob | -90

SELECT owner, (SELECT group_concat(amount, '/') FROM (SELECT amount FROM moves m WHERE m.account = a.id ORDER BY amount)) AS amounts FROM accounts a ORDER BY id;
--> owner | amounts
--> ann | -20/70
--> bob | -90/60
--> cyd | NULL

SELECT owner, (SELECT count(*) FROM accounts b WHERE b.credit > a.credit) + 1 AS place FROM accounts a ORDER BY place;
--> owner | place
--> ann | 1
--> bob | 2
--> cyd | 3

UPDATE accounts AS a SET credit = credit + (SELECT total(amount) FROM moves m WHERE m.account = a.id) WHERE EXISTS (SELECT 1 FROM moves m WHERE m.account = a.id);

SELECT id, credit FROM accounts ORDER BY id;
--> id | credit
--> 1 | 150
--> 2 | 20
--> 3 | 0

DELETE FROM accounts WHERE NOT EXISTS (SELECT 1 FROM moves WHERE moves.account = accounts.id) RETURNING owner;
--> owner
--> cyd

SELECT owner, (SELECT a.owner || m.amount FROM moves m WHERE m.account = a.id AND m.amount = (SELECT max(amount) FROM moves x WHERE x.account = a.id)) AS deep FROM accounts a ORDER BY id;
--> owner | deep
--> ann | ann70
--> bob | bob60
