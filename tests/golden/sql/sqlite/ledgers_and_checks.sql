-- A ledger of two sides: balances, checks, what is refused
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE accounts (code TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('asset', 'debt', 'income')));

CREATE TABLE entries (id INTEGER, line INTEGER, account TEXT NOT NULL REFERENCES accounts, cents INTEGER NOT NULL CHECK (cents <> 0), day TEXT NOT NULL, PRIMARY KEY (id, line));

PRAGMA foreign_keys = ON;

INSERT INTO accounts VALUES ('cash', 'asset'), ('stock', 'asset'), ('loan', 'debt'), ('fees', 'income');

INSERT INTO entries VALUES (1, 1, 'cash', 100000, '2024-01-01'), (1, 2, 'loan', -100000, '2024-01-01'), (2, 1, 'stock', 25050, '2024-01-03'), (2, 2, 'cash', -25050, '2024-01-03'), (3, 1, 'cash', 1225, '2024-02-01'), (3, 2, 'fees', -1225, '2024-02-01');

CREATE VIEW balances AS SELECT a.code, a.kind, coalesce(sum(e.cents), 0) AS cents FROM accounts a LEFT JOIN entries e ON e.account = a.code GROUP BY a.code;

SELECT code, printf('%,.2f', cents / 100.0) AS balance FROM balances ORDER BY code;
--> code | balance
--> cash | 761.75
--> fees | -12.25
--> loan | -1,000.00
--> stock | 250.50

SELECT id, sum(cents) AS off FROM entries GROUP BY id HAVING off <> 0;
--> id | off

SELECT sum(cents) AS zero FROM balances;
--> zero
--> 0

SELECT day, cents, sum(cents) OVER (ORDER BY day, id, line) AS balance FROM entries WHERE account = 'cash' ORDER BY day;
--> day | cents | balance
--> 2024-01-01 | 100000 | 100000
--> 2024-01-03 | -25050 | 74950
--> 2024-02-01 | 1225 | 76175

SELECT strftime('%Y-%m', day) AS month, sum(max(cents, 0)) AS debit, sum(min(cents, 0)) AS credit FROM entries GROUP BY month ORDER BY month;
--> month | debit | credit
--> 2024-01 | 125050 | -125050
--> 2024-02 | 1225 | -1225

INSERT INTO entries VALUES (4, 1, 'cash', 0, '2024-02-02');
--! CHECK constraint failed: cents <> 0

INSERT INTO entries VALUES (4, 1, 'gold', 5, '2024-02-02');
--! FOREIGN KEY constraint failed

INSERT INTO entries VALUES (3, 2, 'cash', 5, '2024-02-02');
--! UNIQUE constraint failed: entries.id, entries.line

DELETE FROM accounts WHERE code = 'cash';
--! FOREIGN KEY constraint failed

INSERT INTO entries SELECT 9, row_number() OVER (ORDER BY side), iif(side = 1, 'fees', 'loan'), iif(side = 1, -total, total), '2024-02-29' FROM (SELECT sum(cents) AS total FROM entries WHERE account = 'fees'), (SELECT column1 AS side FROM (VALUES (1), (2)));

SELECT code, cents FROM balances ORDER BY code;
--> code | cents
--> cash | 76175
--> fees | 0
--> loan | -101225
--> stock | 25050

SELECT kind, sum(cents) AS cents FROM balances GROUP BY kind UNION ALL SELECT 'sum', sum(cents) FROM balances ORDER BY kind;
--> kind | cents
--> asset | 101225
--> debt | -101225
--> income | 0
--> sum | 0

SELECT (cents / 100) || '.' || substr('0' || (cents % 100), -2) AS text FROM entries WHERE id = 2 AND line = 1;
--> text
--> 250.50
