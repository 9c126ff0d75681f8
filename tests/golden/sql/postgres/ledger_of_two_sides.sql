-- A ledger of two sides: balances, checks, closing
-- oracle: postgres
-- chapter: definitions

CREATE TABLE accounts (code TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('asset', 'debt', 'income')));

CREATE TABLE entries (id INTEGER, line INTEGER, account TEXT NOT NULL REFERENCES accounts, amount NUMERIC(14,2) NOT NULL CHECK (amount <> 0), day DATE NOT NULL, PRIMARY KEY (id, line));

INSERT INTO accounts VALUES ('cash', 'asset'), ('stock', 'asset'), ('loan', 'debt'), ('fees', 'income');

INSERT INTO entries VALUES (1, 1, 'cash', 1000, '2024-01-01'), (1, 2, 'loan', -1000, '2024-01-01'), (2, 1, 'stock', 250.50, '2024-01-03'), (2, 2, 'cash', -250.50, '2024-01-03'), (3, 1, 'cash', 12.25, '2024-02-01'), (3, 2, 'fees', -12.25, '2024-02-01');

CREATE VIEW balances AS SELECT a.code, a.kind, coalesce(sum(e.amount), 0.00) AS balance FROM accounts a LEFT JOIN entries e ON e.account = a.code GROUP BY a.code;

SELECT * FROM balances ORDER BY code;
--> code | kind | balance
--> cash | asset | 761.75
--> fees | income | -12.25
--> loan | debt | -1000.00
--> stock | asset | 250.50

SELECT id, sum(amount) AS off FROM entries GROUP BY id HAVING sum(amount) <> 0;
--> id | off

SELECT sum(balance) AS zero FROM balances;
--> zero
--> 0.00

SELECT day, account, amount, sum(amount) OVER (PARTITION BY account ORDER BY day, id, line) AS balance FROM entries WHERE account = 'cash' ORDER BY day;
--> day | account | amount | balance
--> 2024-01-01 | cash | 1000.00 | 1000.00
--> 2024-01-03 | cash | -250.50 | 749.50
--> 2024-02-01 | cash | 12.25 | 761.75

SELECT kind, sum(balance) FROM balances GROUP BY ROLLUP (kind) ORDER BY kind NULLS LAST;
--> kind | sum
--> asset | 1012.25
--> debt | -1000.00
--> income | -12.25
--> NULL | 0.00

SELECT to_char(day, 'YYYY-MM') AS month, sum(greatest(amount, 0)) AS debit, sum(least(amount, 0)) AS credit FROM entries GROUP BY 1 ORDER BY 1;
--> month | debit | credit
--> 2024-01 | 1250.50 | -1250.50
--> 2024-02 | 12.25 | -12.25

INSERT INTO entries VALUES (4, 1, 'cash', 0, '2024-02-02');
--! 23514: new row for relation "entries" violates check constraint "entries_amount_check"

INSERT INTO entries VALUES (4, 1, 'gold', 5, '2024-02-02');
--! 23503: insert or update on table "entries" violates foreign key constraint "entries_account_fkey"

INSERT INTO entries VALUES (3, 2, 'cash', 5, '2024-02-02');
--! 23505: duplicate key value violates unique constraint "entries_pkey"

DELETE FROM accounts WHERE code = 'cash';
--! 23503: update or delete on table "accounts" violates foreign key constraint "entries_account_fkey" on table "entries"

WITH closing AS (SELECT account, sum(amount) AS amount FROM entries WHERE account = 'fees' GROUP BY account)
INSERT INTO entries SELECT 9, row_number() OVER (ORDER BY k), CASE k WHEN 1 THEN account ELSE 'loan' END, CASE k WHEN 1 THEN -amount ELSE amount END, '2024-02-29' FROM closing, (VALUES (1), (2)) AS side(k);

SELECT code, balance FROM balances ORDER BY code;
--> code | balance
--> cash | 761.75
--> fees | 0.00
--> loan | -1012.25
--> stock | 250.50

SELECT a.code, (SELECT sum(amount) FROM entries e WHERE e.account = a.code AND day <= '2024-01-31') AS january, (SELECT sum(amount) FROM entries e WHERE e.account = a.code) AS now FROM accounts a ORDER BY 1;
--> code | january | now
--> cash | 749.50 | 761.75
--> fees | NULL | 0.00
--> loan | -1000.00 | -1012.25
--> stock | 250.50 | 250.50
